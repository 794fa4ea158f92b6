import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ExecutorDeps } from '../../activities/call.js'
import { awaitSlot, type DownstreamUse, noteHeard } from '../../activities/slot.js'
import type { Limits } from '../../src/domain/downstream-limits.js'
import type { Admitted } from '../../src/evidence/admitted.js'
import { createPool, type Pool } from '../../src/ledger/pool.js'
import { loadDownstreams } from '../../src/ledger/queries/load-downstreams.js'
import { refundInvoice, registered } from '../_util/contracts.js'
import { freshDatabase, type TestDatabase } from '../_util/database.js'
import { openForLongEnough } from '../_util/open-breaker.js'

let database: TestDatabase
let pools: Pool[]

beforeAll(async () => {
  database = await freshDatabase()
  // Nobody waits for a connection.
  pools = [1, 2].map(() => createPool(database.ownerUrl, 'exq_executor', 30))
})
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.end()))
  await database.drop()
})

const contract = registered(refundInvoice)
const use = (call: number, phase: 'execute' | 'compensate' = 'execute'): DownstreamUse => ({
  ref: { tenant: 'acme', action_id: `act_${call}`, step: 'step1', phase, generation: 0 },
  contract,
  purpose: 'call',
})
const deps = (limits: Partial<Limits>, pool = pools[0]) =>
  ({ pool, limits: { refund_invoice: limits }, executor: 'here', warn: () => undefined }) as unknown as ExecutorDeps
const admitted = (downstreams: object | null = null) => ({ record: { downstreams } }) as unknown as Admitted
const present = async () => {
  const [row] = await loadDownstreams(database.executorPool, 'acme')
  return admitted({ refund_invoice: row?.standing })
}
/** What it said, and after how long it may come again; null where it may be called. */
async function ask(of: ExecutorDeps, under: Admitted, asked: DownstreamUse) {
  try {
    await awaitSlot(of, under, asked)
    return null
  } catch (error) {
    const { message, nextRetryDelay } = error as { message: string; nextRetryDelay: number }
    return { message, nextRetryDelay }
  }
}

test('calls of several executors at once never get more slots than the rate has, and each of the others a moment of its own', async () => {
  const limits = { rate: { per_second: 20, burst: 5 }, breaker: null }
  const began = performance.now()
  const answers = await Promise.all(
    Array.from({ length: 60 }, (_, call) => ask(deps(limits, pools[call % 2]), admitted(), use(call))),
  )
  const seconds = (performance.now() - began) / 1_000
  const let_through = answers.filter((answer) => answer === null).length
  expect(let_through).toBeGreaterThanOrEqual(5)
  expect(let_through).toBeLessThanOrEqual(5 + Math.ceil(seconds * 20))
  const { rows } = await database.executorPool.of('acme').query('select distinct slot_at from slots')
  expect(rows).toHaveLength(60 - let_through)
  expect(answers.find((answer) => answer)?.message).toMatch(/^EXQ-5071 /)
})

test('where no rate is declared and all is well, the ledger is not asked', async () => {
  const none = {
    of: () => ({ query: () => Promise.reject(new Error('asked')) }),
    begin: () => Promise.reject(new Error('asked')),
  }
  const quiet = deps({ rate: null }, none as never)
  await awaitSlot(quiet, admitted(), use(1))
  await noteHeard(quiet, admitted(), use(1), 'answered')
  await expect(noteHeard(quiet, admitted(), use(1), 'silent')).rejects.toThrow('asked')
})

test('a run of silence opens the breaker; then one call tries, an undo before others, and an answer closes it', async () => {
  const breaker = { failures: 3, within_ms: 10_000, open_ms: 60_000, longest_open_ms: 60_000, slow_start_ms: 1_000 }
  const of = deps({ rate: null, breaker })
  for (const call of [1, 2, 3]) await noteHeard(of, await present(), use(call), 'silent')
  expect((await ask(of, await present(), use(4)))?.message).toMatch(/^EXQ-5070 /)
  const undo = use(5, 'compensate')
  expect((await ask(of, await present(), undo))?.message).toMatch(/^EXQ-5070 /)
  await openForLongEnough(database.ownerUrl, 'acme')
  expect(await ask(of, await present(), use(4))).not.toBeNull()
  expect(await ask(of, await present(), undo)).toBeNull()
  expect(await ask(of, await present(), use(6))).not.toBeNull()
  await noteHeard(of, await present(), use(6), 'answered')
  expect((await loadDownstreams(database.executorPool, 'acme'))[0]?.standing.breaker.state).toBe('half-open')
  await noteHeard(of, await present(), undo, 'answered')
  expect((await loadDownstreams(database.executorPool, 'acme'))[0]?.standing.breaker).toMatchObject({ state: 'closed' })
  const { rows } = await database.executorPool.of('acme').query('select state from breaker_changes order by seq')
  expect(rows).toEqual([{ state: 'open' }, { state: 'closed' }])
})
