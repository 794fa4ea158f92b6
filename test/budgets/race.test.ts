import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { atOnce, bringToAnEnd, type LimitedRoom, openLimitedRoom, pay } from './limited-room.js'

let room: LimitedRoom
const limit = 15
// Each call counts for several scopes, which different calls share differently: whoever takes them out of order, waits for ever.
beforeAll(async () => {
  room = await openLimitedRoom([
    { name: 'owner', per: ['owner'], of: 'writes', limit, window: '1h' },
    { name: 'agent', per: ['agent'], of: 'spend_cents', limit: 1_000_000, window: '1h' },
    { name: 'target', per: ['target', 'tool'], of: 'calls', limit: 1_000, window: '1h' },
    { name: 'tenant', per: ['tenant'], of: 'calls', limit: 10_000, window: '1h', tools: ['refund_invoice'] },
  ])
})
afterAll(() => room.close())

test('however many calls race for a budget, over dying connections and lost calls, no prefix exceeds it and settlement uses it up exactly', async () => {
  const second = await room.agent('second', 'person:ann')
  const tokens = [room.http.tokens.desk, second]
  const faults = ['answers', 'loses the call', 'answers', 'loses the answer'] as const
  room.downstream.faults.push(...Array.from({ length: 12 }, (_, index) => faults[index % faults.length] ?? 'answers'))
  // These books take a retry under the same key for a new call; what is limited is calls that differ.
  const done = () => new Set(room.downstream.books.map(({ action }) => action)).size
  let most = 0
  room.downstream.onCall = async () => {
    most = Math.max(most, done())
  }
  let racing = false
  const cut = async () => {
    while (racing) {
      await pause(300)
      await room.intruders.owner(
        `select pg_terminate_backend(pid) from (
           select pid from pg_stat_activity where datname = current_database() and state like '%transaction%' limit 1) one`,
      )
    }
  }
  const actions: string[] = []
  await atOnce(
    4,
    Array.from({ length: 60 }, (_, index) => index),
    async (at) => {
      const action_id = await room.ask(pay(100, `in_${at % 3}`), tokens[at % 2])
      actions[at] = action_id
      // The policy lets all of them go on before the first one takes anything.
      await room.effect('get_invoice', { action_id, phase: 'observe' })
      expect(await room.decide(action_id)).toBe('allow')
    },
  )
  const states: string[] = []
  racing = true
  const cutting = cut()
  await atOnce(20, actions, async (action) => states.push(await bringToAnEnd(room, action)))
  racing = false
  await cutting
  expect(states).toHaveLength(60)
  expect(states.filter((state) => state !== 'committed' && state !== 'not-committed' && state !== 'denied')).toEqual([])
  expect(done()).toBeLessThanOrEqual(limit)
  // What was lost gave its room back; others take it, and no more than that.
  for (let more = 0; more < limit; more += 1) await bringToAnEnd(room, await room.ask(pay(100)))
  expect(done()).toBe(limit)
  expect(most).toBeLessThanOrEqual(limit)
  const [open] = await room.intruders.owner<{ open: number }>(
    `select count(*)::int as open from reservations where state = 'open'`,
  )
  expect(open?.open).toBe(0)
}, 400_000)
