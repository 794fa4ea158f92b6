import { readSeedLists, type SeedObject, UnusableSeed } from '../seed.js'
import type { IssueRecord, TrackerSeed } from './facts.js'
import type { TrackerState } from './state.js'

/** Reads `{projects, issues}`; those whose key is already there are left as they are. */
export function readTrackerSeed(body: unknown, state: TrackerState): { added: TrackerSeed[]; present: number } {
  const { projects, issues } = readSeedLists(body, ['projects', 'issues'])
  const newProjects = unlessThere(projects, state.projects)
  const newIssues = unlessThere(issues, state.issues)
  const added: TrackerSeed[] = [
    ...newProjects.map((seed) => ({
      seed: 'project' as const,
      project: { key: seed.text('key'), name: seed.text('name', seed.text('key')) },
    })),
    ...newIssues.map((seed, index) => ({ seed: 'issue' as const, issue: issue(seed, state.nextId(index)) })),
  ]
  return { added, present: projects.length + issues.length - added.length }
}

function unlessThere(seeds: SeedObject[], there: ReadonlyMap<string, unknown>): SeedObject[] {
  const keys = new Set(there.keys())
  return seeds.filter((seed) => {
    const key = seed.text('key')
    const isNew = !keys.has(key)
    keys.add(key)
    return isNew
  })
}

function issue(seed: SeedObject, id: string): IssueRecord {
  const key = seed.text('key')
  const project = /^([A-Z][A-Z0-9_]*)-[1-9]\d*$/.exec(key)?.[1]
  if (project === undefined) throw new UnusableSeed(`${seed.where}.key: something like DESK-1 expected`)
  return {
    id,
    key,
    project,
    issuetype: seed.text('issuetype', 'Task'),
    summary: seed.text('summary'),
    description: null,
    labels: seed.texts('labels'),
    status: seed.text('status', 'To Do'),
    other: {},
    properties: {},
    created: seed.text('created', '2026-01-01T00:00:00.000Z'),
  }
}
