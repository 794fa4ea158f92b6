import type { IssueRecord } from './facts.js'
import type { TrackerState } from './state.js'

/** Where an issue can be looked at; relative, as the stand-in does not know under which name it is reached. */
export function selfOf(issue: { id: string }): string {
  return `/rest/api/3/issue/${issue.id}`
}

/**
 * An issue as Jira shows it.
 * @param wanted names of fields, or `*all`
 * @param properties names of issue properties, or `*all`
 */
export function issueObject(
  issue: IssueRecord,
  state: TrackerState,
  wanted: readonly string[],
  properties: readonly string[],
): object {
  const shown = pick(fieldsOf(issue, state), wanted)
  return {
    id: issue.id,
    key: issue.key,
    self: selfOf(issue),
    fields: shown,
    ...(properties.length > 0 ? { properties: pick(issue.properties, properties) } : {}),
  }
}

function fieldsOf(issue: IssueRecord, state: TrackerState): Record<string, unknown> {
  return {
    ...issue.other,
    summary: issue.summary,
    description: issue.description,
    labels: issue.labels,
    created: issue.created,
    issuetype: { name: issue.issuetype },
    project: state.projects.get(issue.project) ?? { key: issue.project },
    status: { name: issue.status },
  }
}

function pick(all: Record<string, unknown>, wanted: readonly string[]): Record<string, unknown> {
  if (wanted.includes('*all') || wanted.includes('*navigable')) return all
  return Object.fromEntries(Object.entries(all).filter(([name]) => wanted.includes(name)))
}
