import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { interpose } from '../attacks/interpose.js'
import { openRoom, type Room, refund } from '../attacks/room.js'

let room: Room
beforeAll(async () => {
  room = await openRoom()
})
afterAll(() => room.close())

test('a look that was long on its way to the ledger says what was so when it began', async () => {
  room.downstream.faults.push('loses the answer')
  const action_id = await room.ask(refund())
  await room.goOn(action_id)
  for (let tries = 0; tries < 3; tries += 1) await room.goOn(action_id)
  const pool = interpose(room.http.database.executorPool, /insert into looks/, () => pause(400))
  await room.effect('refund_invoice/verify', { action_id }, { pool })
  const [row] = await room.intruders.owner<{ ms: number }>(
    'select (extract(epoch from looked_at - began_at) * 1000)::int as ms from looks where action_id = $1',
    [action_id],
  )
  expect(row?.ms).toBeGreaterThanOrEqual(400)
})
