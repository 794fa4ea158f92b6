import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ActionRef } from '../../src/domain/activities.js'
import type { Effect, Phase } from '../../src/domain/lifecycle.js'
import { shadowsAmong } from '../../src/domain/shadow-effects.js'
import { callsByKey } from '../../src/ledger/queries/calls-by-key.js'
import { contradictedCalls } from '../../src/ledger/queries/contradicted-calls.js'
import { haltAction } from '../../src/ledger/queries/halt-action.js'
import { openAttention } from '../../src/ledger/queries/open-attention.js'
import { recordIntent } from '../../src/ledger/queries/record-intent.js'
import { recordLook } from '../../src/ledger/queries/record-look.js'
import { recordOutcome } from '../../src/ledger/queries/record-outcome.js'
import { recordResolution, type SignedResolution } from '../../src/ledger/queries/record-resolution.js'
import { aMinuteLater, calledOnce, resolutionRow } from '../_util/attention-rows.js'
import { freshDatabase, type TestDatabase } from '../_util/database.js'
import { authorityOf, findingOf, intentFor, newAction, newTenant } from '../_util/ledger-rows.js'

let database: TestDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

const forEver = 'infinity'
const callOf = (ref: ActionRef, phase: Phase = 'execute', generation = 0) => ({
  ...ref,
  step: 'step1',
  phase,
  generation,
})
const settle = (ref: ActionRef, found: Effect, phase: Phase = 'execute', generation = 0) =>
  recordLook(database.executorPool, callOf(ref, phase, generation), findingOf(found), { tookMs: 0, settles: true })
const answer = (
  ref: ActionRef,
  effect: 'committed' | 'not-committed' | 'unknown',
  phase: Phase = 'execute',
  generation = 0,
) =>
  recordOutcome(database.executorPool, callOf(ref, phase, generation), 1, {
    effect,
    output: effect === 'committed' ? { refund_id: 're_1' } : null,
    error: null,
  })

async function resolve(resolution: SignedResolution): Promise<void> {
  const authority = await authorityOf(database.serverPool, resolution.tenant)
  expect(await recordResolution(database.serverPool, resolution, authority)).toBe('recorded')
}

/** What is shown where the downstream lists one effect under each of these keys. */
async function shadows({ tenant }: ActionRef, ...keys: string[]) {
  const calls = await callsByKey(database.executorPool, tenant, keys, forEver)
  const effects = keys.map((key) => ({ id: `of ${key}`, key, at: null, summary: '' }))
  return shadowsAmong(effects, calls, new Set()).map(({ kind, key }) => `${key} ${kind}`)
}

/** A call that people ordered anew, answered by nobody unless an answer is named. */
async function orderedAnew(effect: 'committed' | 'unknown' = 'unknown', found?: Effect) {
  const ref = await newAction(database.serverPool, await newTenant(database.serverPool))
  const attention = await calledOnce(database, ref, effect)
  if (found) await settle(ref, found)
  await aMinuteLater(database.ownerUrl, ref)
  await resolve(resolutionRow(attention, { facts: found ? 3 : 2 }))
  return ref
}

async function madeAnew(ref: ActionRef): Promise<void> {
  const anew = { generation: 1, round: 2, idempotency_key: 'exq_key_1' } as const
  expect(await recordIntent(database.executorPool, await intentFor(database.serverPool, ref, anew))).toBe('written')
  await answer(ref, 'committed', 'execute', 1)
}

describe('an effect of a call in whose place people ordered another', () => {
  test('contradicts the ledger once the other was begun, and not before', async () => {
    const ref = await orderedAnew()
    expect(await shadows(ref, 'exq_key')).toEqual([])
    await madeAnew(ref)
    expect(await shadows(ref, 'exq_key', 'exq_key_1')).toEqual(['exq_key contradicts'])
  })

  test('contradicts it although the call was answered with a yes, which a look denied', async () => {
    const ref = await orderedAnew('committed', 'not-committed')
    await madeAnew(ref)
    expect(await shadows(ref, 'exq_key', 'exq_key_1')).toEqual(['exq_key contradicts'])
  })

  test('does not where people knew of it when they ordered the other', async () => {
    const ref = await orderedAnew('committed', 'diverged')
    await madeAnew(ref)
    expect(await shadows(ref, 'exq_key', 'exq_key_1')).toEqual([])
    expect(await contradictedCalls(database.serverPool, ref.tenant)).toEqual([])
  })

  test.each(['committed', 'diverged'] as const)(
    'that a look finds %s after all is told to people, once',
    async (what) => {
      const ref = await orderedAnew()
      await madeAnew(ref)
      const left = callOf(ref)
      expect(await contradictedCalls(database.serverPool, ref.tenant)).toEqual([])
      await settle(ref, what)
      const { tenant, ...call } = left
      expect(await contradictedCalls(database.serverPool, tenant)).toEqual([call])
      const attention = {
        ...call,
        tenant,
        phase: 'execute',
        id: 'att_late',
        ordinal: 2,
        reason: 'late',
        known: {},
      } as const
      await openAttention(database.serverPool, attention)
      expect(await contradictedCalls(database.serverPool, tenant)).toEqual([])
    },
  )
})

describe('an effect of a call that was undone', () => {
  /** A committed call of a halted plan, whose undoing got this answer. */
  async function undoing(effect: 'committed' | 'not-committed' | 'unknown') {
    const ref = await newAction(database.serverPool, await newTenant(database.serverPool))
    await calledOnce(database, ref, 'committed')
    await haltAction(database.serverPool, ref, 'failed')
    const undo = { phase: 'compensate', principal: 'service:compensator', idempotency_key: 'exq_undo' } as const
    await recordIntent(database.executorPool, await intentFor(database.serverPool, ref, undo))
    await answer(ref, effect, 'compensate')
    return ref
  }
  async function decide(ref: ActionRef, choice: SignedResolution['choice'], facts = 2): Promise<void> {
    const call = { ...callOf(ref), phase: 'compensate' } as const
    const attention = { ...call, id: `att_undo_${ref.tenant}`, ordinal: 1, reason: 'not-undone', known: {} } as const
    await openAttention(database.serverPool, attention)
    await resolve(resolutionRow(attention, { choice, evidence: 'seen', facts }))
  }

  test('contradicts the ledger by the answer, by a look, and by what a person said', async () => {
    expect(await shadows(await undoing('committed'), 'exq_key')).toEqual(['exq_key contradicts'])
    const seen = await undoing('unknown')
    expect(await shadows(seen, 'exq_key')).toEqual([])
    await settle(seen, 'committed', 'compensate')
    expect(await shadows(seen, 'exq_key')).toEqual(['exq_key contradicts'])
    const said = await undoing('not-committed')
    expect(await shadows(said, 'exq_key')).toEqual([])
    await decide(said, 'happened')
    expect(await shadows(said, 'exq_key')).toEqual(['exq_key contradicts'])
  })

  test('does not where a look, or a person, denies that it was', async () => {
    const seen = await undoing('committed')
    await settle(seen, 'not-committed', 'compensate')
    expect(await shadows(seen, 'exq_key')).toEqual([])
    const said = await undoing('committed')
    await decide(said, 'did-not-happen')
    expect(await shadows(said, 'exq_key')).toEqual([])
  })
})
