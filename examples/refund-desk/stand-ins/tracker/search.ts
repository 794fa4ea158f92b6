import type { Call } from '../call.js'
import type { Outcome } from '../reply.js'
import type { Route } from '../route-table.js'
import { badRequest } from './errors.js'
import type { IssueRecord, TrackerEffect } from './facts.js'
import { readJql } from './jql.js'
import { issueObject } from './objects.js'
import type { TrackerState } from './state.js'

/**
 * Search by JQL. As in Jira, a fresh ticket is not found at once but after `lagMs`, unless its id is given in
 * `reconcileIssues`; and without `fields` only ids come back.
 */
export function searchRoutes(state: TrackerState, lagMs: number): Route<TrackerEffect>[] {
  return [{ name: 'POST /rest/api/3/search/jql', handle: (call) => search(call, state, lagMs) }]
}

function search(call: Call, state: TrackerState, lagMs: number): Outcome<TrackerEffect> {
  const body = readBody(call.json)
  const query = readJql(body.jql)
  const visible = (issue: IssueRecord) =>
    call.at.getTime() - Date.parse(issue.created) >= lagMs || body.reconcileIssues.includes(Number(issue.id))
  const oldestFirst = [...state.issues.values()].filter((issue) => query.matches(issue) && visible(issue))
  const found = query.oldestFirst ? oldestFirst : oldestFirst.reverse()
  const end = body.start + body.maxResults
  const issues = found
    .slice(body.start, end)
    .map((issue) =>
      body.fields.length === 0 ? { id: issue.id } : issueObject(issue, state, body.fields, body.properties),
    )
  const isLast = end >= found.length
  const next = isLast ? {} : { nextPageToken: Buffer.from(String(end)).toString('base64url') }
  return { reply: { status: 200, body: { issues, isLast, ...next } } }
}

function readBody(json: unknown) {
  const { jql, fields, properties, maxResults, nextPageToken, reconcileIssues } = (json ?? {}) as Record<
    string,
    unknown
  >
  if (typeof jql !== 'string') throw badRequest('jql: text expected')
  const size = maxResults ?? 50
  if (typeof size !== 'number' || !Number.isInteger(size) || size < 1)
    throw badRequest('maxResults: whole number expected')
  const start = nextPageToken === undefined ? 0 : Number(Buffer.from(String(nextPageToken), 'base64url').toString())
  if (!Number.isInteger(start)) throw badRequest('nextPageToken: not one of ours')
  return {
    jql,
    start,
    maxResults: Math.min(size, 5000),
    fields: texts(fields, 'fields'),
    properties: texts(properties, 'properties'),
    reconcileIssues: list(reconcileIssues, 'reconcileIssues').map(Number),
  }
}

function texts(value: unknown, name: string): string[] {
  return list(value, name).map(String)
}

function list(value: unknown, name: string): unknown[] {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) throw badRequest(`${name}: list expected`)
  return value
}
