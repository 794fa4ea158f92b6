import { setTimeout as pause } from 'node:timers/promises'
import { type BudgetRules, type BudgetSettings, budgetRulesOf } from '../../src/contract/budget-rules.js'
import { openRoom, requestId } from '../attacks/room.js'

/** Amounts are cents; money is paid by `refund_invoice`, which nothing but the policy `total` holds back. */
export const payingPolicies = `
@id("desk") permit (principal in Group::"support", action, resource);
@id("observer") permit (principal == Service::"observer", action in Action::"effect:none", resource);
@id("compensator") permit (principal == Service::"compensator", action in Action::"compensate", resource);
`

/** A room with budgets. */
export function openLimitedRoom(
  budgets: readonly BudgetSettings[],
  policies = payingPolicies,
  warn: (facts: object, message: string) => void = () => undefined,
  loops: BudgetRules['loops'] = null,
) {
  return openRoom({ policies, budgetRules: { ...budgetRulesOf({ budgets }), loops }, warn })
}

export type LimitedRoom = Awaited<ReturnType<typeof openLimitedRoom>>

/** A refund of so much on one invoice. */
export const pay = (amount_cents: number, invoice_id = 'in_1') => {
  const request_id = requestId()
  return {
    tool: 'refund_invoice',
    args: { invoice_id, reason_code: 'goodwill', amount_cents },
    context: { request_id, reason: `for ${request_id}`, ticket_id: 'zd_1' },
  }
}

/** Works on all of them, so many at a time. */
export async function atOnce<T>(many: number, all: readonly T[], work: (each: T) => Promise<unknown>): Promise<void> {
  const left = [...all]
  const worker = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) await work(next)
  }
  await Promise.all(Array.from({ length: many }, worker))
}

// Longer than a breaker stays open, and than a call may still be applied of which not even a missing answer is recorded: three
// times its deadline.
const patienceMs = 120_000

/** Goes on with an action, whatever happens to the connections, until the ledger has an answer; then it is verified. */
export async function bringToAnEnd(room: LimitedRoom, action_id: string): Promise<string> {
  for (const until = performance.now() + patienceMs; performance.now() < until; ) {
    const state = await room.goOn(action_id).catch(() => 'later')
    if (state === 'committed' || state === 'unknown' || state === 'not-committed')
      await room.effect('refund_invoice/verify', { action_id }).catch(() => undefined)
    if (state !== 'later' && state !== 'unknown') return state
    await pause(20)
  }
  return 'unsettled'
}

/** What the ledger says of the reservations of one action. */
export async function reservationsOf(room: LimitedRoom, action_id: string) {
  return room.intruders.owner<{ step: string; state: string; writes: number; spend_cents: number }>(
    'select step, state, writes, spend_cents::int from reservations where action_id = $1 order by step, generation',
    [action_id],
  )
}
