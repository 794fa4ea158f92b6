import { setTimeout as pause } from 'node:timers/promises'
import { MockActivityEnvironment } from '@temporalio/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type EffectsDeps, lookForEffects } from '../../activities/effects.js'
import { noteSlotUse } from '../../activities/slot.js'
import type { ListedEffect } from '../../src/contract/tool.js'
import type { Limits } from '../../src/domain/downstream-limits.js'
import type { EffectsReport } from '../../src/domain/reconciler.js'
import { loadDownstreams } from '../../src/ledger/queries/load-downstreams.js'
import { recordIntent } from '../../src/ledger/queries/record-intent.js'
import { declare, registered, smallestWrite } from '../_util/contracts.js'
import { freshDatabase, type TestDatabase } from '../_util/database.js'
import { authorityOf, intentFor, newAction, newTenant } from '../_util/ledger-rows.js'
import { openForLongEnough } from '../_util/open-breaker.js'

let database: TestDatabase

beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

/** A tool with these limits, in a tenant of its own, whose effects can be looked for. */
async function stage(limits: Limits, listEffects: () => Promise<ListedEffect[]>) {
  const tenant = await newTenant(database.serverPool)
  const tool = declare(smallestWrite, { listEffects })
  const contract = registered(tool)
  const revision = await authorityOf(database.serverPool, tenant)
  const authority = { revision, stops: [], contractOf: () => contract }
  const deps = {
    pool: database.executorPool,
    executor: 'here',
    authorities: { current: async () => authority },
    tools: new Map([[contract.digest, tool]]),
    limits: { [contract.contract.name]: limits },
    warn: () => undefined,
  } as unknown as EffectsDeps
  const run = () => lookForEffects(deps, { tenant, tool: contract.contract.name })
  return {
    tenant,
    look: () => new MockActivityEnvironment().run<[], EffectsReport, typeof run>(run),
    silence: () => noteSlotUse(deps, { tenant, contract, call: 'another', undo: false, timeout_ms: 1_000 }, 'silent'),
    breaker: async () => (await loadDownstreams(database.executorPool, tenant))[0]?.standing.breaker.state,
  }
}

const nothing = async () => []

test('a look waits for a slot of the rate, as calls do', async () => {
  const { look } = await stage({ rate: { per_second: 4, burst: 1 }, breaker: null }, nothing)
  const began = performance.now()
  expect([await look(), await look(), await look()].map(({ problem }) => problem)).toEqual([null, null, null])
  expect(performance.now() - began).toBeGreaterThan(450)
})

test('a look that would have to wait for long is not made, and says why', async () => {
  let asked = 0
  const { look } = await stage({ rate: { per_second: 0.01, burst: 1 }, breaker: null }, async () => {
    asked += 1
    return []
  })
  expect((await look()).problem).toBeNull()
  expect((await look()).problem).toMatch(/^EXQ-5071 /)
  expect(asked).toBe(1)
})

test('a second effect under the key of a call is reported, although the first is not listed any more', async () => {
  let listed: ListedEffect[] = []
  const { tenant, look } = await stage({ rate: null, breaker: null }, async () => listed)
  const ref = await newAction(database.serverPool, tenant)
  const intent = await intentFor(database.serverPool, ref)
  await recordIntent(database.executorPool, intent)
  const effect = (id: string) => ({
    id,
    idempotencyKey: intent.idempotency_key,
    at: new Date().toISOString(),
    summary: id,
  })
  const shadows = async (...ids: string[]) => {
    listed = ids.map(effect)
    return (await look()).shadows
  }
  expect(await shadows('re_1')).toBe(0)
  expect(await shadows('re_1')).toBe(0)
  expect(await shadows('re_2')).toBe(1)
  const { rows } = await database.serverPool.of(tenant).query('select effect_id, kind from shadow_effects')
  expect(rows).toEqual([{ effect_id: 're_2', kind: 'repeated' }])
})

test('a look leaves a downstream alone that does not answer, and may be the one that tries', async () => {
  const open_ms = 60_000
  const breaker = { failures: 1, within_ms: 10_000, open_ms, longest_open_ms: open_ms, slow_start_ms: 1_000 }
  const desk = await stage({ rate: null, breaker }, nothing)
  await desk.silence()
  expect((await desk.look()).problem).toMatch(/^EXQ-5070 /)
  await openForLongEnough(database.ownerUrl, desk.tenant)
  expect((await desk.look()).problem).toBeNull()
  expect(await desk.breaker()).toBe('closed')
})

test('a look that fails in its slot leaves a breaker open', async () => {
  const open_ms = 300
  const breaker = { failures: 1, within_ms: 10_000, open_ms, longest_open_ms: open_ms, slow_start_ms: 1_000 }
  const desk = await stage({ rate: null, breaker }, () => Promise.reject(new Error('no answer')))
  await desk.silence()
  await pause(open_ms + 50)
  expect((await desk.look()).problem).toBe('no answer')
  expect(await desk.breaker()).toBe('open')
})
