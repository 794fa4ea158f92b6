import { MockActivityEnvironment } from '@temporalio/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDecisionActivities } from '../../activities/index.js'
import type { KeyedCall } from '../../src/domain/shadow-effects.js'
import { reconciliationShape, shadowShape } from '../../src/http/reconciler-schemas.js'
import { pageOf } from '../../src/http/schemas.js'
import { callsByKey } from '../../src/ledger/queries/calls-by-key.js'
import { recordEffectLook } from '../../src/ledger/queries/record-effect-look.js'
import { recordLookResult } from '../../src/ledger/queries/record-look-result.js'
import { recordShadows } from '../../src/ledger/queries/record-shadows.js'
import { authorityOf } from '../_util/ledger-rows.js'
import { cancellation, type HttpDesk, openHttpDesk } from './http-desk.js'
import { loseCall } from './http-lost-calls.js'

let desk: HttpDesk
beforeAll(async () => {
  desk = await openHttpDesk()
})
afterAll(() => desk.close())

const tool = cancellation('any').tool
const refused = { effect: 'not-committed', output: null, error: { code: 'EXQ-5004', detail: 'no' } } as const

async function lookNow(leastMs = 0) {
  const under = {
    authority_revision: await authorityOf(desk.database.serverPool, 'acme'),
    contract_digest: 'sha256:c',
    executor: 'here',
    workflow_id: null,
    run_id: null,
  }
  return recordEffectLook(desk.database.executorPool, { tenant: 'acme', tool }, under, { leastMs, overlapMs: 1_000 })
}

const attend = () => {
  const activities = createDecisionActivities({ ...desk.plane, approvalTtlMs: 60_000 })
  const run = () => activities.attendToShadows({ tenant: 'acme' })
  return new MockActivityEnvironment().run<[], number, typeof run>(run)
}
const lateOf = async (action: string) => {
  const { rows } = await desk.database.serverPool
    .of('acme')
    .query(`select reason from attentions where action_id = $1 and reason = 'late'`, [action])
  return rows.length
}

test('a look begins where the last one that succeeded ended, and none is made while another is due later', async () => {
  const first = await lookNow()
  expect(first?.look).toBe(1)
  expect(await lookNow(60_000)).toBeNull()
  const second = await lookNow()
  expect(second).toMatchObject({ look: 2, since: first?.since })
  if (second) await recordLookResult(desk.database.executorPool, second, { listed: 0, shadows: 0, problem: null })
  const third = await lookNow()
  expect(Date.parse(third?.since ?? '')).toBe(Date.parse(second?.until ?? '') - 1_000)
})

test('no look is made under an authority that moved', async () => {
  const under = {
    authority_revision: 0,
    contract_digest: 'sha256:c',
    executor: 'here',
    workflow_id: null,
    run_id: null,
  }
  const times = { leastMs: 0, overlapMs: 0 }
  expect(await recordEffectLook(desk.database.executorPool, { tenant: 'acme', tool }, under, times)).toBeNull()
})

test('an effect of a call that was refused is handed over to people once, until one acknowledged it', async () => {
  const { action, call } = await loseCall(desk, cancellation('refused'), refused)
  const pool = desk.database.executorPool
  const { rows } = await pool.of('acme').query('select idempotency_key from intents where action_id = $1', [action])
  const look = await lookNow()
  if (!look) throw new Error('no look was made')
  const [known] = await callsByKey(pool, 'acme', [rows[0].idempotency_key], look.until)
  expect(known).toMatchObject({ action_id: action, happened: false, denied: true, undone: false })
  const shadow = {
    shadow_id: `shd_${'b'.repeat(26)}`,
    id: 're_1',
    key: rows[0].idempotency_key as string,
    at: null,
    summary: 'it is there',
    kind: 'contradicts',
    call: known as KeyedCall,
  } as const
  expect([...(await recordShadows(pool, look, [shadow]))]).toEqual([shadow.shadow_id])
  expect([...(await recordShadows(pool, look, [shadow]))]).toEqual([])
  expect(await attend()).toBe(1)
  expect(await attend()).toBe(1)
  expect(await lateOf(call.action_id)).toBe(1)

  const page = await desk.call('GET', '/v1/shadow-effects', { token: desk.tokens.bob })
  expect(pageOf(shadowShape).parse(page.body).items).toMatchObject([{ id: shadow.shadow_id, action_id: action }])
  const last = await desk.call('GET', '/v1/reconciliation', { token: desk.tokens.bob })
  expect(reconciliationShape.parse(last.body).effects).toMatchObject([{ tool, problem: null }])
  const body = { reason: 'made by hand' }
  const path = `/v1/shadow-effects/${shadow.shadow_id}/acknowledgements`
  expect((await desk.call('POST', path, { token: desk.tokens.bob, body })).status).toBe(200)
  expect(await attend()).toBe(0)
})

test('agents are told nothing of it', async () => {
  for (const path of ['/v1/shadow-effects', '/v1/reconciliation', '/v1/downstreams'])
    expect((await desk.call('GET', path, { token: desk.tokens.desk })).status).toBe(403)
})
