import { badFields } from './errors.js'
import type { IssueRecord } from './facts.js'
import type { TrackerState } from './state.js'

const others = /^(priority|assignee|reporter|duedate|parent|customfield_\d+)$/
const own = ['project', 'issuetype', 'summary', 'description', 'labels']

type NewIssue = Omit<IssueRecord, 'id' | 'key' | 'status' | 'created'>

/** Reads the body of a new ticket; refuses with a message for each field that does not fit, as Jira does. */
export function readNewIssue(body: unknown, state: TrackerState): NewIssue {
  const { fields, properties } = asObject(body)
  const given = asObject(fields)
  const errors: Record<string, string> = {}
  const project = readProject(asObject(given.project), state)
  if (project === undefined) errors.project = 'Specify a valid project ID or key'
  const { name: issuetype } = asObject(given.issuetype)
  if (typeof issuetype !== 'string') errors.issuetype = 'Specify an issue type'
  const { summary, description, labels } = given
  if (typeof summary !== 'string' || summary.trim() === '') errors.summary = 'You must specify a summary of the issue.'
  else if (summary.length > 255) errors.summary = 'Summary must be less than 255 characters.'
  else if (summary.includes('\n')) errors.summary = 'The summary is invalid because it contains newline characters.'
  if (description !== undefined && description !== null && asObject(description).type !== 'doc') {
    errors.description = 'Operation value must be an Atlassian Document (see the Atlassian Document Format)'
  }
  const labelProblem = problemWithLabels(labels)
  if (labelProblem) errors.labels = labelProblem
  for (const name of Object.keys(given)) {
    if (own.includes(name) || others.test(name)) continue
    errors[name] = `Field '${name}' cannot be set. It is not on the appropriate screen, or unknown.`
  }
  if (Object.keys(errors).length > 0) throw badFields(errors)
  return {
    project: project as string,
    issuetype: issuetype as string,
    summary: summary as string,
    description: description ?? null,
    labels: [...new Set((labels ?? []) as string[])],
    other: Object.fromEntries(Object.entries(given).filter(([name]) => others.test(name))),
    properties: readProperties(properties),
  }
}

function readProject(project: Record<string, unknown>, state: TrackerState): string | undefined {
  return typeof project.key === 'string' && state.projects.has(project.key) ? project.key : undefined
}

function problemWithLabels(labels: unknown): string | undefined {
  if (labels === undefined) return undefined
  if (!Array.isArray(labels) || labels.some((label) => typeof label !== 'string'))
    return 'data was not an array of texts'
  const spaced = labels.find((label: string) => /\s/.test(label))
  if (spaced !== undefined) return `The label '${spaced}' contains spaces which is invalid.`
  return labels.some((label: string) => label.length > 255) ? 'A label must be less than 255 characters.' : undefined
}

function readProperties(properties: unknown): Record<string, unknown> {
  if (properties === undefined) return {}
  if (!Array.isArray(properties)) throw badFields({ properties: 'data was not an array' })
  return Object.fromEntries(
    properties.map((property) => {
      const { key, value } = asObject(property)
      if (typeof key !== 'string' || key === '') throw badFields({ properties: 'each property needs a key' })
      return [key, value]
    }),
  )
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
}
