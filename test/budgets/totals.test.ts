import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { approvalOf } from '../attacks/room.js'
import { atOnce, type LimitedRoom, openLimitedRoom, pay, payingPolicies } from './limited-room.js'

const threshold = 10_000
let room: LimitedRoom
beforeAll(async () => {
  room = await openLimitedRoom(
    [],
    `${payingPolicies}
@id("total") @require("finance:1") @say("What an owner pays in a day adds up.")
forbid (principal is Agent, action == Action::"refund_invoice", resource)
when { context.totals.owner.spend_cents > ${threshold} }
unless { context.approvals.finance >= 1 };
`,
  )
})
afterAll(() => room.close())

let owners = 0
/** Agents of an owner that nobody else has. */
async function agentsOfOne(count: number): Promise<string[]> {
  owners += 1
  const owner = `owner${owners}`
  await room.person(owner, [])
  return Promise.all(Array.from({ length: count }, (_, index) => room.agent(`${owner}_${index}`, `person:${owner}`)))
}

/** An amount, cut into parts that are asked for by any agent, on any target. */
const splits = fc
  .array(
    fc.record({ cents: fc.integer({ min: 1, max: 6_000 }), agent: fc.nat({ max: 2 }), target: fc.nat({ max: 3 }) }),
    { minLength: 3, maxLength: 9 },
  )
  .filter((parts) => parts.reduce((sum, { cents }) => sum + cents, 0) > threshold)

describe('an amount that needs approval', () => {
  test('needs it however it is split over requests, agents of one owner and targets, at any concurrency', async () => {
    await fc.assert(
      fc.asyncProperty(splits, fc.constantFrom(1, 3, 9), async (parts, many) => {
        const tokens = await agentsOfOne(3)
        const done: number[] = []
        const waiting: number[] = []
        await atOnce(many, parts, async ({ cents, agent, target }) => {
          const id = await room.ask(pay(cents, `in_${target}`), tokens[agent])
          const state = await room.goOn(id)
          expect(['committed', 'waiting']).toContain(state)
          ;(state === 'committed' ? done : waiting).push(cents)
        })
        const sum = done.reduce((sum, cents) => sum + cents, 0)
        expect(sum).toBeLessThanOrEqual(threshold)
        // Nobody was asked about what would have fitted.
        for (const cents of waiting) expect(sum + cents).toBeGreaterThan(threshold)
        expect(waiting.length).toBeGreaterThan(0)
      }),
      { numRuns: 8 },
    )
  })

  test('is asked for anew where what was allowed alone comes after another one, and goes on once somebody agrees', async () => {
    const [token = '', other = ''] = await agentsOfOne(2)
    const first = await room.ask(pay(6_000), token)
    await room.effect('get_invoice', { action_id: first, phase: 'observe' })
    expect(await room.decide(first)).toBe('allow')
    expect(await room.goOn(await room.ask(pay(6_000), other))).toBe('committed')
    expect(await room.effect('refund_invoice', { action_id: first })).toBe('held')
    expect(room.downstream.of(first)).toBe(0)
    const asked = await room.decide(first, 2)
    expect(await room.vote('bob', approvalOf(asked))).toBe(200)
    expect(await room.effect('refund_invoice', { action_id: first, round: 2 })).toBe('committed')
    expect(room.downstream.of(first)).toBe(1)
  })

  test('counts the earlier steps of a plan, so that people are asked before anything runs', async () => {
    const [token = ''] = await agentsOfOne(1)
    const step = (amount_cents: number) => {
      const { tool, args } = pay(amount_cents)
      return { tool, args }
    }
    const { context } = pay(1)
    const ask = (steps: readonly object[], request_id: string) =>
      room.ask({ plan: { steps }, context: { ...context, request_id, reason: request_id } }, token)
    const fits = await ask([step(4_000), step(6_000)], 'fits')
    expect(await room.decide(fits)).toBe('allow')
    expect(await room.decide(await ask([step(4_000), step(6_001)], 'does-not'))).toMatchObject({ state: 'waiting' })
  })

  test('of others is not affected', async () => {
    const [token = ''] = await agentsOfOne(1)
    expect(await room.goOn(await room.ask(pay(threshold), token))).toBe('committed')
    expect(await room.goOn(await room.ask(pay(1), token))).toBe('waiting')
    const [stranger = ''] = await agentsOfOne(1)
    expect(await room.goOn(await room.ask(pay(threshold), stranger))).toBe('committed')
  })
})
