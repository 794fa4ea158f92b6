import { setTimeout as pause } from 'node:timers/promises'
import { defineTool, type ToolCall } from 'exequatur'
import { z } from 'zod'
import { tracker } from '../downstream/tracker.js'

// Jira's search learns of a new ticket a little after the fact.
const settlingMs = 2_000

export const createJiraTicket = defineTool({
  name: 'create_jira_ticket',
  version: 1,
  owner: 'person:omar',
  risk: 'low',
  effect: 'reversible',
  title: 'Open a Jira ticket',
  description: 'Opens a task in a Jira project, about a refund if one is named.',
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
  downstream: { name: 'tracker', class: 'queryable', callTimeout: '10s' },
  credentials: { tracker_email: 'env:TRACKER_EMAIL', tracker_token: 'env:TRACKER_TOKEN' },

  execute: async ({ project_key, summary, description, refund_id }, call) => {
    const jira = tracker(call)
    const paragraphs = [description, refund_id && `Refund: ${refund_id}`].filter((text) => text !== undefined)
    const label = labelOf(call)
    const ticket_key =
      (await jira.find(project_key, label)) ?? (await jira.open({ project: project_key, summary, paragraphs, label }))
    return { ticket_key }
  },

  verify: async ({ project_key }, output, call) => {
    const jira = tracker(call)
    if (output) return (await jira.exists(output.ticket_key)) ? 'committed' : 'not-committed'
    if (await jira.find(project_key, labelOf(call))) return 'committed'
    await pause(settlingMs, undefined, { signal: call.signal })
    return (await jira.find(project_key, labelOf(call))) ? 'committed' : 'not-committed'
  },

  compensate: (_args, output, call) => tracker(call).remove(output.ticket_key),
})

function labelOf(call: ToolCall): string {
  return `exq-${call.idempotencyKey}`
}
