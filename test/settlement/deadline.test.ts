import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type LimitedRoom, openLimitedRoom } from '../budgets/limited-room.js'

let room: LimitedRoom
beforeAll(async () => {
  room = await openLimitedRoom([{ name: 'agent', per: ['agent'], of: 'calls', limit: 1_000, window: '1h' }])
})
afterAll(() => room.close())

const callTimeoutMs = 5_000

/** Asks for a call, which is approved. */
async function ask(): Promise<string> {
  const { id, approval } = await room.hold()
  expect(await room.vote('bob', approval)).toBe(200)
  return id
}

test('the deadline of a call is not used up by waiting for a budget that others hold', async () => {
  // The first call makes the row of the budget.
  expect(await room.effect('cancel_subscription', { action_id: await ask() })).toBe('committed')
  const action_id = await ask()
  const other = new pg.Client({ connectionString: room.http.database.ownerUrl })
  await other.connect()
  try {
    await other.query('begin')
    await other.query('select from budget_scopes for update')
    const called = room.effect('cancel_subscription', { action_id })
    await pause(callTimeoutMs + 500)
    const { rows } = await other.query('select clock_timestamp() as let_go')
    await other.query('commit')
    expect(await called).toBe('committed')
    const [attempt] = await room.intruders.owner<{ attempted_at: Date }>(
      'select attempted_at from attempts where action_id = $1',
      [action_id],
    )
    // The ledger waits for the answer at least as long as the executor does.
    expect(attempt?.attempted_at.getTime()).toBeGreaterThanOrEqual(rows[0]?.let_go.getTime())
  } finally {
    await other.end()
  }
})
