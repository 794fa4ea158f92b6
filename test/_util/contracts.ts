import { z } from 'zod'
import { defineTool } from '../../src/contract/define-tool.js'
import type { Tool, ToolCall, ToolDefinition } from '../../src/contract/tool.js'
import { digest } from '../../src/digest.js'
import type { Contract, ContractStatus, RegisteredContract } from '../../src/domain/contract.js'
import type { Effect } from '../../src/domain/lifecycle.js'

/** A read. */
export const getInvoice = defineTool({
  name: 'get_invoice',
  version: 1,
  owner: 'person:ann',
  risk: 'low',
  effect: 'none',
  title: 'Look at an invoice',
  description: 'Reads one invoice.',
  input: z.strictObject({ invoice_id: z.string() }),
  output: z.strictObject({ refundable_cents: z.int(), currency: z.string(), note: z.string().optional() }),
  resource: { type: 'Invoice', id: '/args/invoice_id' },
  downstream: { class: 'read' },
  execute: async () => ({ refundable_cents: 4200, currency: 'usd' }),
})

/** A write that can be undone: observed, filled, bound and priced. */
export const refundInvoice = defineTool({
  name: 'refund_invoice',
  version: 1,
  owner: 'person:ann',
  approvers: ['finance'],
  risk: 'medium',
  effect: 'reversible',
  title: 'Refund an invoice',
  description: 'Returns what was paid on one invoice to the card it came from.',
  input: z.strictObject({
    invoice_id: z.string(),
    reason_code: z.enum(['duplicate_charge', 'goodwill']),
    amount_cents: z.int().positive().optional(),
    customer_message: z.string().max(500).optional(),
  }),
  output: z.strictObject({ refund_id: z.string(), amount_cents: z.int() }),
  binding: ['ticket_id'],
  observe: { tool: 'get_invoice', args: { invoice_id: '/args/invoice_id' } },
  fill: { amount_cents: '/observed/refundable_cents' },
  resource: { type: 'Invoice', id: '/args/invoice_id' },
  spend: { amount_cents: '/args/amount_cents', currency: 'usd' },
  downstream: { class: 'idempotent-by-key', keyLifetime: '24h', callTimeout: '10s' },
  credentials: { billing: 'env:BILLING_KEY' },
  execute: async () => ({ refund_id: 're_1', amount_cents: 4200 }),
  verify: async () => 'committed',
  compensate: async () => {},
})

/** A small write with a field that an earlier step may fill. */
export const addNote = defineTool({
  name: 'add_note',
  version: 1,
  owner: 'person:bob',
  risk: 'low',
  effect: 'reversible',
  title: 'Add a note to a ticket',
  description: 'Adds a note that only the staff can read.',
  input: z.strictObject({ ticket: z.string(), text: z.string(), refund_id: z.string() }),
  output: z.strictObject({ note_id: z.string() }),
  resource: { type: 'Ticket', id: '/args/ticket' },
  late: ['refund_id'],
  downstream: { class: 'queryable' },
  execute: async () => ({ note_id: 'n_1' }),
  verify: async () => 'committed',
  compensate: async () => {},
})

/** A high risk. */
export const cancelSubscription = defineTool({
  name: 'cancel_subscription',
  version: 1,
  owner: 'person:ann',
  approvers: ['finance'],
  risk: 'high',
  effect: 'reversible',
  title: 'Cancel a subscription',
  description: 'Ends a subscription at the end of its period.',
  input: z.strictObject({ subscription_id: z.string() }),
  output: z.strictObject({ status: z.string() }),
  resource: { type: 'Subscription', id: '/args/subscription_id' },
  downstream: { class: 'queryable', callTimeout: '5s' },
  execute: async () => ({ status: 'cancelled' }),
  verify: async () => 'committed',
  compensate: async () => {},
})

/** A critical risk that nothing undoes. */
export const eraseCustomer = defineTool({
  name: 'erase_customer',
  version: 1,
  owner: 'person:ann',
  approvers: ['privacy', 'security'],
  risk: 'critical',
  effect: 'irreversible',
  title: 'Erase a customer',
  description: 'Erases all that is known of one customer.',
  input: z.strictObject({ customer_id: z.string() }),
  output: z.strictObject({ erased: z.boolean() }),
  resource: { type: 'Customer', id: '/args/customer_id' },
  downstream: { class: 'neither' },
  execute: async () => ({ erased: true }),
  verify: async () => 'committed',
})

/** Every sample, by name. */
export const sampleTools: Readonly<Record<string, Tool>> = Object.fromEntries(
  [getInvoice, refundInvoice, addNote, cancelSubscription, eraseCustomer].map((tool) => [tool.contract.name, tool]),
)

/** The groups that the samples' policies and contracts name. */
export const sampleGroups = ['finance', 'privacy', 'security'] as const

/** A contract as the registry would give it. */
export function registered(
  tool: Tool,
  status: ContractStatus = 'live',
  note: string | null = null,
  changes: Partial<Contract> = {},
): RegisteredContract {
  const contract = { ...tool.contract, ...changes }
  return { contract, digest: digest(contract), status, note }
}

const plain = {
  name: 'touch_thing',
  version: 1,
  owner: 'person:ann',
  risk: 'low',
  title: 'Touch a thing',
  description: 'Touches one thing.',
  input: z.strictObject({ thing: z.string() }),
  output: z.strictObject({}),
  resource: { type: 'Thing', id: '/args/thing' },
  execute: async () => ({}),
} as const

/** The smallest read there is. */
export const smallestRead = { ...plain, effect: 'none', downstream: { class: 'read' } } as const

/** The smallest write that can be undone. */
export const smallestWrite = {
  ...plain,
  effect: 'reversible',
  downstream: { class: 'queryable' },
  verify: async (): Promise<Effect> => 'committed',
  compensate: async () => {},
} as const

/** Declares a sample with changes the compiler would not let pass. */
export function declare(definition: object, changes: object = {}): Tool {
  return defineTool({ ...definition, ...changes } as unknown as ToolDefinition<z.ZodObject, z.ZodObject>)
}

/** A call as an executor would make it. */
export function sampleCall(): ToolCall {
  return {
    idempotencyKey: 'key',
    credentials: {},
    signal: new AbortController().signal,
    tenant: 'acme',
    actionId: 'act_aaaaaaaaaaaaaaaaaaaaaaaaaa',
  }
}
