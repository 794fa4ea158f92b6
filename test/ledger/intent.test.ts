import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ActionRef } from '../../src/domain/activities.js'
import { cancelAction } from '../../src/ledger/queries/cancel-action.js'
import { closeAction } from '../../src/ledger/queries/close-action.js'
import { haltAction } from '../../src/ledger/queries/halt-action.js'
import { loadAction } from '../../src/ledger/queries/load-action.js'
import { type Intent, recordIntent } from '../../src/ledger/queries/record-intent.js'
import { recordOutcome } from '../../src/ledger/queries/record-outcome.js'
import { openTransaction, untilSomebodyWaits } from '../_util/concurrency.js'
import { freshDatabase, type TestDatabase } from '../_util/database.js'
import { intentFor, newAction, newEnvelope, newTenant, stopAll } from '../_util/ledger-rows.js'

let database: TestDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

const anAction = async () => newAction(database.serverPool, await newTenant(database.serverPool))
const anIntent = async (ref: ActionRef, changes: Partial<Intent> = {}) => intentFor(database.serverPool, ref, changes)

/** Seals an envelope that an intent can use up. */
const sealed = (ref: ActionRef, expires_at = new Date(Date.now() + 60_000).toISOString()) =>
  newEnvelope(database.serverPool, ref, { digest: 'sha256:e', expires_at })

/** How much of an intent is in the ledger. */
async function written(ref: ActionRef) {
  const record = await loadAction(database.serverPool, ref)
  const { rows } = await database.readerPool
    .of(ref.tenant)
    .query<{ consumed: number }>(
      'select count(*)::int as consumed from consumptions where tenant = $1 and action_id = $2',
      [ref.tenant, ref.action_id],
    )
  return {
    intents: record?.intents.length,
    attempts: record?.attempts.length,
    decisions: record?.decisions.length,
    consumed: rows[0]?.consumed,
    stage: record?.stage,
  }
}
const nothing = { intents: 0, attempts: 0, decisions: 0, consumed: 0, stage: 'request' }

describe('an intent', () => {
  test('is written with its decision, its consumption and its first attempt, all at once', async () => {
    const ref = await anAction()
    await sealed(ref)
    expect(await recordIntent(database.executorPool, await anIntent(ref, { envelope_digest: 'sha256:e' }))).toBe(
      'written',
    )
    expect(await written(ref)).toEqual({ intents: 1, attempts: 1, decisions: 1, consumed: 1, stage: 'execution' })
    const record = await loadAction(database.serverPool, ref)
    expect(record?.intents[0]).toMatchObject({
      step: 'step1',
      phase: 'execute',
      generation: 0,
      args: { invoice_id: 'in_1' },
      idempotency_key: 'exq_key',
      policy_ids: ['desk'],
      envelope_digest: 'sha256:e',
    })
    expect(record?.attempts[0]).toMatchObject({ attempt: 1, executor: 'executor-1' })
    expect(record?.decisions[0]).toMatchObject({ stage: 'intent', result: 'allow', policy_ids: ['desk'] })
  })

  test('consumes nothing where no approval was needed', async () => {
    const ref = await anAction()
    await recordIntent(database.executorPool, await anIntent(ref))
    expect(await written(ref)).toMatchObject({ intents: 1, consumed: 0 })
  })

  test.each<[moved: string, change: (intent: Intent) => Partial<Intent>]>([
    ['the authority', ({ authority_revision }) => ({ authority_revision: authority_revision - 1 })],
    [
      'the authority, which was never so high',
      ({ authority_revision }) => ({ authority_revision: authority_revision + 1 }),
    ],
    ['the action', ({ action_revision }) => ({ action_revision: action_revision + 1 })],
    ['the request', () => ({ request_digest: 'sha256:other' })],
    ['the tenant', () => ({ tenant: 'other' })],
    ['the action id', () => ({ action_id: 'act_other' })],
  ])('writes nothing at all if %s is not what the policy saw', async (_, change) => {
    const ref = await anAction()
    const intent = await anIntent(ref, { envelope_digest: 'sha256:e' })
    expect(await recordIntent(database.executorPool, { ...intent, ...change(intent) })).toBe('moved')
    expect(await written(ref)).toEqual(nothing)
  })

  test('writes nothing after a stop, a cancellation or an ending that came after the evaluation', async () => {
    const changes: readonly ((ref: ActionRef) => Promise<unknown>)[] = [
      (ref) => stopAll(database.serverPool, ref.tenant),
      (ref) => cancelAction(database.serverPool, ref, 'person:ann', 'no longer'),
      (ref) => closeAction(database.serverPool, ref, { outcome: 'cancelled', explanation: '', run_id: 'run' }),
    ]
    for (const change of changes) {
      const ref = await anAction()
      const intent = await anIntent(ref)
      await change(ref)
      expect(await recordIntent(database.executorPool, intent)).toBe('moved')
      expect(await written(ref)).toMatchObject({ intents: 0, attempts: 0, decisions: 0 })
    }
  })

  test('of an ended action cannot be written on the present facts either', async () => {
    const ref = await anAction()
    await closeAction(database.serverPool, ref, { outcome: 'failed', explanation: '', run_id: 'run' })
    expect(await recordIntent(database.executorPool, await anIntent(ref))).toBe('moved')
  })

  test('exists once: the second of the same call writes nothing', async () => {
    const ref = await anAction()
    await recordIntent(database.executorPool, await anIntent(ref))
    expect(await recordIntent(database.executorPool, await anIntent(ref, { executor: 'other' }))).toBe('exists')
    expect(await written(ref)).toMatchObject({ intents: 1, attempts: 1, decisions: 1 })
  })

  test('is won by exactly one of twenty', async () => {
    const ref = await anAction()
    await sealed(ref)
    const intent = await anIntent(ref, { envelope_digest: 'sha256:e' })
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        recordIntent(database.executorPool, { ...intent, executor: `executor-${index}` }),
      ),
    )
    expect(answers.filter((answer) => answer === 'written')).toHaveLength(1)
    expect(answers.filter((answer) => answer === 'exists')).toHaveLength(19)
    expect(await written(ref)).toMatchObject({ intents: 1, attempts: 1, decisions: 1, consumed: 1 })
  })

  // A further generation takes an order of people: see attention.test.ts.
  test('has its own place per step and phase', async () => {
    const ref = await anAction()
    for (const place of [{ step: 'step1' }, { step: 'step2' }, { phase: 'observe' as const }]) {
      expect(await recordIntent(database.executorPool, await anIntent(ref, place))).toBe('written')
    }
    // An undoing comes after the halt, and of what was committed.
    const step1 = { ...ref, step: 'step1', phase: 'execute', generation: 0 } as const
    await recordOutcome(database.executorPool, step1, 1, { effect: 'committed', output: null, error: null })
    await haltAction(database.serverPool, ref, 'failed')
    expect(await recordIntent(database.executorPool, await anIntent(ref, { phase: 'compensate' }))).toBe('written')
    expect(await written(ref)).toMatchObject({ intents: 4, attempts: 4 })
  })

  test("cannot use up an approval that has expired by the ledger's clock", async () => {
    const ref = await anAction()
    await sealed(ref, new Date(Date.now() - 1).toISOString())
    const intent = await anIntent(ref, { envelope_digest: 'sha256:e' })
    expect(await recordIntent(database.executorPool, intent)).not.toBe('written')
    expect(await written(ref)).toMatchObject({ intents: 0, attempts: 0, consumed: 0 })
  })

  test('cannot use up an approval that was used up before', async () => {
    const ref = await anAction()
    await sealed(ref)
    await recordIntent(database.executorPool, await anIntent(ref, { envelope_digest: 'sha256:e' }))
    const other = await newAction(database.serverPool, ref.tenant, 'r2')
    await sealed(other)
    const intent = await anIntent(other, { envelope_digest: 'sha256:e' })
    await expect(recordIntent(database.executorPool, intent)).rejects.toMatchObject({
      code: '23505',
      constraint: 'consumptions_pkey',
    })
    expect(await written(other)).toEqual({ ...nothing, stage: 'approval' })
  })
})

describe('a stop', () => {
  test('that commits first is never outrun by an intent that began before', async () => {
    const ref = await anAction()
    const intent = await anIntent(ref)
    const stop = await openTransaction(database.serverPool)
    await stopAll(stop, ref.tenant)
    const answer = recordIntent(database.executorPool, intent)
    await untilSomebodyWaits(database.serverPool)
    await stop.commit()
    expect(await answer).toBe('moved')
    expect(await written(ref)).toEqual(nothing)
  })

  test('waits for an intent that was first, and is acknowledged only after it', async () => {
    const ref = await anAction()
    const intent = await anIntent(ref)
    const first = await openTransaction(database.executorPool)
    expect(await recordIntent(first, intent)).toBe('written')
    let acknowledged = false
    const stop = stopAll(database.serverPool, ref.tenant).then(() => {
      acknowledged = true
    })
    await untilSomebodyWaits(database.serverPool)
    expect(acknowledged).toBe(false)
    await first.commit()
    await stop
    expect(await recordIntent(database.executorPool, { ...intent, step: 'step2' })).toBe('moved')
  })

  test('lets no intent through once it is acknowledged, however many are on their way', async () => {
    const ref = await anAction()
    const intent = await anIntent(ref)
    let acknowledged = false
    const late: string[] = []
    const one = async (index: number) => {
      const afterwards = acknowledged
      const answer = await recordIntent(database.executorPool, { ...intent, step: `step${index}` })
      if (afterwards) late.push(answer)
      return answer
    }
    const before = Array.from({ length: 15 }, (_, index) => one(index))
    await stopAll(database.serverPool, ref.tenant)
    acknowledged = true
    const after = Array.from({ length: 5 }, (_, index) => one(index + 15))
    const answers = await Promise.all([...before, ...after])
    expect(late).toEqual(Array(5).fill('moved'))
    expect(await written(ref)).toMatchObject({ intents: answers.filter((answer) => answer === 'written').length })
  })

  test('in one tenant holds up nothing in another', async () => {
    const [ref, elsewhere] = [await anAction(), await anAction()]
    const stop = await openTransaction(database.serverPool)
    await stopAll(stop, ref.tenant)
    expect(await recordIntent(database.executorPool, await anIntent(elsewhere))).toBe('written')
    await stop.commit()
  })
})
