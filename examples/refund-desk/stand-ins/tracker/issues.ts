import type { Call } from '../call.js'
import type { Outcome } from '../reply.js'
import type { Route } from '../route-table.js'
import { noSuchIssue } from './errors.js'
import type { IssueRecord, TrackerEffect } from './facts.js'
import { readNewIssue } from './issue-fields.js'
import { issueObject, selfOf } from './objects.js'
import type { TrackerState } from './state.js'

/** Tickets: create, look at, delete. Jira has no idempotency keys: each accepted POST makes another ticket. */
export function issueRoutes(state: TrackerState): Route<TrackerEffect>[] {
  return [
    { name: 'POST /rest/api/3/issue', handle: (call) => createIssue(call, state) },
    {
      name: 'GET /rest/api/3/issue/:key',
      handle: (call) => {
        const fields = names(call, 'fields')
        const body = issueObject(
          known(call, state),
          state,
          fields.length > 0 ? fields : ['*all'],
          names(call, 'properties'),
        )
        return { reply: { status: 200, body } }
      },
    },
    { name: 'DELETE /rest/api/3/issue/:key', handle: (call) => deleteIssue(call, state) },
  ]
}

function createIssue(call: Call, state: TrackerState): Outcome<TrackerEffect> {
  const wanted = readNewIssue(call.json, state)
  const { id, key } = state.nextIssue(wanted.project)
  const issue: IssueRecord = { id, key, ...wanted, status: 'To Do', created: call.at.toISOString() }
  return {
    reply: { status: 201, body: { id, key, self: selfOf(issue) } },
    effect: {
      effect: 'issue.created',
      id: key,
      project: issue.project,
      summary: issue.summary,
      labels: issue.labels,
      issue,
    },
  }
}

function deleteIssue(call: Call, state: TrackerState): Outcome<TrackerEffect> {
  const { key, project, summary, labels } = known(call, state)
  return { reply: { status: 204 }, effect: { effect: 'issue.deleted', id: key, project, summary, labels } }
}

function known(call: Call, state: TrackerState): IssueRecord {
  const issue = state.find(call.names.key ?? '')
  if (!issue) throw noSuchIssue()
  return issue
}

/** A query field that lists names with commas. */
function names(call: Call, field: string): string[] {
  return (call.fields.get(field) ?? '').split(',').filter((name) => name !== '')
}
