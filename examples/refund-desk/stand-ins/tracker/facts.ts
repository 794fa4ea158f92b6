/** One ticket. `description` is a document in Atlassian's format, kept as it came. */
export interface IssueRecord {
  id: string
  key: string
  project: string
  issuetype: string
  summary: string
  description: unknown
  labels: string[]
  status: string
  /** Other fields the caller set (priority, assignee, custom fields), kept as they came. */
  other: Record<string, unknown>
  properties: Record<string, unknown>
  created: string
}

export interface ProjectRecord {
  key: string
  name: string
}

/** What the tracker can change in the world; one ledger line each. `id` is the issue's key. */
export type TrackerEffect =
  | { effect: 'issue.created'; id: string; project: string; summary: string; labels: string[]; issue: IssueRecord }
  | { effect: 'issue.deleted'; id: string; project: string; summary: string; labels: string[] }

/** What was there from the start. */
export type TrackerSeed = { seed: 'project'; project: ProjectRecord } | { seed: 'issue'; issue: IssueRecord }
