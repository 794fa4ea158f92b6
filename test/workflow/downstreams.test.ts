import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestDesk, refund, type TestDesk, until } from '../_util/desk.js'
import { limits } from './downstreams.config.js'

let desk: TestDesk

beforeAll(async () => {
  desk = await openTestDesk('downstreams', { config: new URL('./downstreams.config.ts', import.meta.url).pathname })
})
afterAll(() => desk?.close())

const actions = 40

const changes = () =>
  desk.rows<{ state: string; at: Date }>('select state, changed_at as at from breaker_changes order by seq')

/** The most that happened in any second. */
function peak(times: readonly number[]): number {
  const sorted = [...times].sort((one, other) => one - other)
  return Math.max(0, ...sorted.map((from) => sorted.filter((at) => at >= from && at < from + 1_000).length))
}

test('a billing system that is away for a while is left alone, asked by one call at a time, and never called faster than it may be', async () => {
  for (const match of ['GET /v1/invoices/:id', 'POST /v1/refunds'])
    await desk.fault('billing', { match, mode: 'unavailable' })
  const asked = await Promise.all(
    Array.from({ length: actions }, (_, index) => desk.agent.ask('refund_invoice', refund(4_000 + index), 0)),
  )
  await until('it was tried again in vain', async () => (await changes()).length >= 4)
  const waiting = (await desk.person('omar').get('/v1/downstreams')).body as unknown as {
    items: { name: string; state: string; waiting: number }[]
  }
  const billing = waiting.items.find(({ name }) => name === 'billing')
  expect(billing?.state).toMatch(/open/)
  expect(billing?.waiting).toBeGreaterThan(actions / 4)
  await fetch(`${desk.billing.url}/_faults`, { method: 'DELETE' })
  const ended = await Promise.all(asked.map(({ body }) => desk.agent.ended(body.id, 240)))
  expect(ended.map(({ outcome }) => outcome)).toEqual(ended.map(() => 'succeeded'))

  // While it was open: the calls that tried, one for each time that it opened again or closed.
  const history = await changes()
  const closed = history.findIndex(({ state }) => state === 'closed')
  const [opened] = history
  const tried = await desk.rows<{ at: Date }>(
    `select attempted_at as at from attempts
     where attempted_at > $1::timestamptz + interval '3 seconds' and attempted_at < $2`,
    [opened?.at, history[closed]?.at],
  )
  expect(tried.length).toBeGreaterThan(0)
  expect(tried.length).toBeLessThanOrEqual(closed)

  const attempts = await desk.rows<{ at: Date }>('select attempted_at as at from attempts')
  // Written some time after they were let through: one burst more may meet in a second.
  expect(peak(attempts.map(({ at }) => at.getTime()))).toBeLessThanOrEqual(limits.perSecond + 2 * limits.burst)
  const { arrivals } = (await (await fetch(`${desk.billing.url}/_arrivals`)).json()) as {
    arrivals: { at: string; route: string }[]
  }
  const refunds = arrivals.filter(({ route }) => route === 'POST /v1/refunds')
  expect(refunds.length).toBeGreaterThanOrEqual(actions)
  expect(peak(refunds.map(({ at }) => Date.parse(at)))).toBeLessThanOrEqual(limits.perSecond + limits.burst)
}, 300_000)
