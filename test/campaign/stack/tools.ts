import { defineTool, type Tool, type ToolCall } from 'exequatur'
import { z } from 'zod'
import { change, look, type Shown } from './ask-downstream.js'

const input = z.strictObject({ subject: z.string(), amount_cents: z.int().positive() })
const output = z.strictObject({ id: z.string(), amount_cents: z.int() })

const common = {
  version: 1,
  owner: 'person:olga',
  approvers: ['finance'],
  risk: 'medium',
  effect: 'reversible',
  input,
  output,
  resource: { type: 'Subject', id: '/args/subject' },
  spend: { amount_cents: '/args/amount_cents', currency: 'usd' },
  credentials: { downstream: 'env:CAMPAIGN_SECRET' },
} as const

/** How long the downstream honours a key; our contract promises less than it does. */
export const keyLifetimeMs = 60_000
// A process that has just started is slow at first, above all where many start at once.
const callTimeout = '4s'
export const callTimeoutMs = 4_000

function found(shown: Shown | null, amount: number) {
  if (shown === null || shown.undone) return 'not-committed'
  return shown.amount_cents === amount ? 'committed' : 'diverged'
}

type Input = z.output<typeof input>
type Output = z.output<typeof output>

/** What is paid under a reference, and looked up by it. */
const byReference = {
  downstream: { class: 'queryable', callTimeout },
  execute: async ({ subject, amount_cents }: Input, call: ToolCall) => {
    const wish = { path: '/queryable/effects', subject, amount_cents, reference: call.idempotencyKey }
    const { id, amount_cents: paid } = await change(call, wish)
    return { id, amount_cents: paid }
  },
  verify: async ({ subject, amount_cents }: Input, _output: unknown, call: ToolCall) => {
    const path = `/queryable/effects?reference=${encodeURIComponent(call.idempotencyKey)}`
    const answer = await look<{ items: Shown[] }>(call, path, subject)
    return found(answer?.items.find(({ kind }) => kind === 'effect') ?? null, amount_cents)
  },
} as const

/**
 * Three tools, each on a system that can do another thing about a repeated call, and one whose calls nobody can undo; in a pool
 * of their own, if it is named.
 */
export function toolsOf(pool?: string): readonly Tool[] {
  const named = (name: string) => ({ name: pool ? `${name}_${pool}` : name, ...(pool && { pool }) })
  return [
    defineTool({
      ...common,
      ...named('pay_by_key'),
      title: 'Pay, under a key',
      description: 'Pays a subject once for each key, as long as the key is honoured.',
      downstream: { class: 'idempotent-by-key', keyLifetime: '50s', callTimeout },
      execute: async ({ subject, amount_cents }, call) => {
        const { id, amount_cents: paid } = await change(call, { path: '/keyed/effects', subject, amount_cents })
        return { id, amount_cents: paid }
      },
      verify: async ({ subject, amount_cents }, output, call) =>
        output === null
          ? 'unknown'
          : found(await look<Shown>(call, `/keyed/effects/${output.id}`, subject), amount_cents),
      compensate: async ({ subject, amount_cents }, { id }, call) => {
        await change(call, { path: `/keyed/effects/${id}/undo`, subject, amount_cents })
      },
    }),
    defineTool({
      ...common,
      ...named('pay_by_reference'),
      title: 'Pay, under a reference',
      description: 'Pays a subject; what was paid under a reference can be looked up.',
      ...byReference,
      compensate: async ({ subject, amount_cents }: Input, { id }: Output, call: ToolCall) => {
        const path = `/queryable/effects/${id}/undo`
        await change(call, { path, subject, amount_cents, reference: call.idempotencyKey })
      },
    }),
    defineTool({
      ...common,
      ...named('pay_for_good'),
      title: 'Pay for good',
      description: 'Pays a subject under a reference; what was paid is gone.',
      ...byReference,
      effect: 'irreversible',
    }),
    defineTool({
      ...common,
      ...named('pay_blindly'),
      title: 'Pay, with nothing to go by',
      description: 'Pays a subject as often as it is called, and cannot be asked about it afterwards.',
      downstream: { class: 'neither', callTimeout },
      execute: async ({ subject, amount_cents }, call) => {
        const { id, amount_cents: paid } = await change(call, { path: '/blind/effects', subject, amount_cents })
        return { id, amount_cents: paid }
      },
      verify: async ({ subject, amount_cents }, output, call) =>
        output === null
          ? 'unknown'
          : found(await look<Shown>(call, `/blind/effects/${output.id}`, subject), amount_cents),
      compensate: async ({ subject, amount_cents }, { id }, call) => {
        await change(call, { path: `/blind/effects/${id}/undo`, subject, amount_cents })
      },
    }),
  ]
}
