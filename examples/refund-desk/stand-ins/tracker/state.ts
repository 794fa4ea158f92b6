import type { LedgerLine } from '../effect-ledger.js'
import type { IssueRecord, ProjectRecord, TrackerEffect, TrackerSeed } from './facts.js'

/** Everything the tracker knows, as the ledger's lines tell it. */
export class TrackerState {
  readonly projects = new Map<string, ProjectRecord>()
  readonly issues = new Map<string, IssueRecord>()
  /** The highest number ever given in each project; the key of a deleted ticket is not given again. */
  readonly #numbers = new Map<string, number>()
  #issuesEver = 0

  /** @param projects keys of projects that are always there */
  constructor(projects: readonly string[]) {
    for (const key of projects) this.projects.set(key, { key, name: key })
  }

  apply(line: LedgerLine<TrackerEffect, TrackerSeed>): void {
    if (line.kind === 'seed' && line.seed === 'project') this.projects.set(line.project.key, line.project)
    if (line.kind === 'seed' && line.seed === 'issue') this.#add(line.issue)
    if (line.kind === 'effect' && line.effect === 'issue.created') this.#add(line.issue)
    if (line.kind === 'effect' && line.effect === 'issue.deleted') this.issues.delete(line.id)
  }

  /** The key and the id that the next ticket of a project gets. */
  nextIssue(project: string): { id: string; key: string } {
    return { id: this.nextId(), key: `${project}-${(this.#numbers.get(project) ?? 0) + 1}` }
  }

  /** @param ahead how many tickets are about to get an id before this one */
  nextId(ahead = 0): string {
    return String(10_000 + this.#issuesEver + ahead)
  }

  /** By key or by id. */
  find(keyOrId: string): IssueRecord | undefined {
    return this.issues.get(keyOrId.toUpperCase()) ?? [...this.issues.values()].find((issue) => issue.id === keyOrId)
  }

  #add(issue: IssueRecord): void {
    this.issues.set(issue.key, issue)
    this.#issuesEver += 1
    const number = Number(issue.key.slice(issue.key.lastIndexOf('-') + 1))
    this.#numbers.set(issue.project, Math.max(this.#numbers.get(issue.project) ?? 0, number))
  }
}
