import { defineTool, type ToolCall } from 'exequatur'
import { z } from 'zod'
import { tracker } from '../downstream/tracker.js'

const refusals = { 400: 'no', 401: 'no', 403: 'no', 404: 'no', 413: 'no', 422: 'no' } as const

export const createJiraTicket = defineTool({
  name: 'create_jira_ticket',
  version: 3,
  owner: 'person:omar',
  risk: 'low',
  effect: 'reversible',
  title: 'Open a Jira ticket',
  description: 'Opens a task in a Jira project, about a refund if one is named.',
  summary: 'Open a task in the Jira project {/args/project_key}: {/args/summary}',
  input: z.strictObject({
    project_key: z.string().regex(/^[A-Z][A-Z0-9_]{1,19}$/),
    summary: z
      .string()
      .min(1)
      .max(254)
      .regex(/^[^\r\n]*$/),
    description: z.string().min(1).max(5_000).optional(),
    refund_id: z.string().min(1).optional(),
  }),
  output: z.strictObject({ ticket_key: z.string() }),
  late: ['refund_id'],
  resource: { type: 'JiraProject', id: '/args/project_key' },
  downstream: {
    name: 'tracker',
    class: 'queryable',
    callTimeout: '10s',
    settlesWithin: '10s',
    // Jira's search learns of a new ticket a little after the fact.
    readAfterWrite: '2s',
    answers: refusals,
  },
  // No other ticket is ever given the same key: deleting twice is deleting once.
  undo: { class: 'idempotent-by-key', keyLifetime: '365d', callTimeout: '10s', answers: refusals },
  credentials: { tracker_email: 'env:TRACKER_EMAIL', tracker_token: 'env:TRACKER_TOKEN' },

  execute: async ({ project_key, summary, description, refund_id }, call) => {
    const jira = tracker(call)
    const paragraphs = [description, refund_id && `Refund: ${refund_id}`].filter((text) => text !== undefined)
    const label = labelOf(call)
    const ticket_key =
      (await jira.find(project_key, label)) ?? (await jira.open({ project: project_key, summary, paragraphs, label }))
    return { ticket_key }
  },

  postcondition: { summary: { equals: '/args/summary' } },
  verify: async ({ project_key }, output, call) => {
    const jira = tracker(call)
    const ticket_key = output?.ticket_key ?? (await jira.find(project_key, labelOf(call)))
    const summary = ticket_key && (await jira.summaryOf(ticket_key))
    if (!ticket_key || summary === null) return { found: null }
    return { found: { ticket_key, summary }, output: { ticket_key } }
  },

  compensate: (_args, output, call) => tracker(call).remove(output.ticket_key),
})

function labelOf(call: ToolCall): string {
  return `exq-${call.idempotencyKey}`
}
