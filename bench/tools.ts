import { defineTool, notCommitted, type Tool, type ToolCall } from 'exequatur'
import { z } from 'zod'
import { getInvoice } from '../examples/refund-desk/tools/get-invoice.js'
import { refundInvoice } from '../examples/refund-desk/tools/refund-invoice.js'

const item = z.string()
const common = { version: 1, owner: 'person:ann', risk: 'low', resource: { type: 'Item', id: '/args/item' } } as const

/** The smallest read there is: one look at the effect server. */
const benchRead = defineTool({
  ...common,
  name: 'bench_read',
  effect: 'none',
  title: 'Look at an item',
  description: 'Reads whether an item has had an effect.',
  input: z.strictObject({ item }),
  output: z.strictObject({ item, effects: z.int() }),
  downstream: { class: 'read', callTimeout: '10s' },
  execute: async (args, call) => ({ item: args.item, effects: (await effectsOn(args.item, call)).length }),
})

/** The smallest write there is: one line in the effect server's file, and one look to verify it. */
const benchWrite = defineTool({
  ...common,
  name: 'bench_write',
  approvers: ['finance'],
  effect: 'reversible',
  title: 'Change an item',
  description: 'Adds one effect to an item.',
  input: z.strictObject({ item, amount_cents: z.int().positive() }),
  output: z.strictObject({ item, amount_cents: z.int() }),
  downstream: { class: 'idempotent-by-key', keyLifetime: '24h', callTimeout: '10s' },
  execute: async (args, call) => {
    await add({ ...args, key: call.idempotencyKey }, call)
    return args
  },
  verify: async (args, _output, call) => {
    const effects = await effectsOn(args.item, call)
    return effects.some(({ key }) => key === call.idempotencyKey) ? 'committed' : 'not-committed'
  },
  compensate: async (args, _output, call) => {
    await add({ ...args, amount_cents: -args.amount_cents, key: call.idempotencyKey }, call)
  },
})

export const tools: readonly Tool[] = [benchRead, benchWrite, getInvoice, refundInvoice]

async function add(effect: { item: string; amount_cents: number; key: string }, { signal }: ToolCall): Promise<void> {
  const answer = await fetch(`${process.env.BENCH_EFFECTS}/effects`, {
    method: 'POST',
    body: JSON.stringify(effect),
    signal,
  })
  await answer.arrayBuffer()
  if (answer.status === 400) throw notCommitted('the effect server refused')
  if (!answer.ok) throw new Error(`the effect server answered ${answer.status}`)
}

async function effectsOn(name: string, { signal }: ToolCall): Promise<{ key: string }[]> {
  const answer = await fetch(`${process.env.BENCH_EFFECTS}/effects?item=${encodeURIComponent(name)}`, { signal })
  if (!answer.ok) throw new Error(`the effect server answered ${answer.status}`)
  return (await answer.json()) as { key: string }[]
}
