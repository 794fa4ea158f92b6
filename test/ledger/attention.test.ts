import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ActionRef } from '../../src/domain/activities.js'
import { closeAction } from '../../src/ledger/queries/close-action.js'
import { loadAction } from '../../src/ledger/queries/load-action.js'
import { mayStillCall } from '../../src/ledger/queries/may-still-call.js'
import { openAttention } from '../../src/ledger/queries/open-attention.js'
import { recordIntent } from '../../src/ledger/queries/record-intent.js'
import { recordLateResult } from '../../src/ledger/queries/record-late-result.js'
import { recordLook } from '../../src/ledger/queries/record-look.js'
import { recordOutcome } from '../../src/ledger/queries/record-outcome.js'
import { recordResolution, type SignedResolution } from '../../src/ledger/queries/record-resolution.js'
import { aMinuteLater, calledOnce, resolutionRow } from '../_util/attention-rows.js'
import { openTransaction, untilSomebodyWaits } from '../_util/concurrency.js'
import { freshDatabase, type TestDatabase } from '../_util/database.js'
import { authorityOf, findingOf, intentFor, newAction, newTenant, stopAll } from '../_util/ledger-rows.js'

let database: TestDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

const happened = { effect: 'committed', output: { refund_id: 're_1' }, error: null } as const
const settling = { tookMs: 0, settles: true }

async function anUnknownCall() {
  const ref = await newAction(database.serverPool, await newTenant(database.serverPool))
  const attention = await calledOnce(database, ref)
  await aMinuteLater(database.ownerUrl, ref)
  return { ref, attention, call: { ...ref, step: 'step1', phase: 'execute', generation: 0 } as const }
}

async function record(resolution: SignedResolution, db = database.serverPool) {
  return recordResolution(db, resolution, await authorityOf(database.serverPool, resolution.tenant))
}

const again = async (ref: ActionRef) =>
  recordIntent(
    database.executorPool,
    await intentFor(database.serverPool, ref, { generation: 1, round: 2, idempotency_key: 'exq_key_1' }),
  )

describe('a resolution', () => {
  test('is kept with its action, which then is to be looked at again', async () => {
    const { ref, attention } = await anUnknownCall()
    const before = await loadAction(database.serverPool, ref)
    const output = { refund_id: 're_9' }
    expect(await record(resolutionRow(attention, { choice: 'happened', evidence: 're_9', output }))).toBe('recorded')
    const after = await loadAction(database.serverPool, ref)
    expect(after?.attentions).toMatchObject([{ id: attention.id, reason: 'unknown', known: {} }])
    expect(after?.resolutions).toMatchObject([{ attention_id: attention.id, choice: 'happened', output }])
    expect(after?.revision).toBe((before?.revision ?? 0) + 1)
  })

  test('without an output has none', async () => {
    const { ref, attention } = await anUnknownCall()
    await record(resolutionRow(attention))
    expect((await loadAction(database.serverPool, ref))?.resolutions[0]?.output).toBeNull()
  })

  test('is one, where two decide at once', async () => {
    const { ref, attention } = await anUnknownCall()
    const answers = await Promise.all([
      record(resolutionRow(attention)),
      record(resolutionRow(attention, { choice: 'happened', evidence: 'seen' })),
    ])
    expect(answers.sort()).toEqual(['overtaken', 'recorded'])
    expect((await loadAction(database.serverPool, ref))?.resolutions).toHaveLength(1)
  })

  test('is not recorded once more is known than whoever decided was shown', async () => {
    const { attention, call } = await anUnknownCall()
    await recordLook(database.executorPool, call, findingOf('committed'), settling)
    expect(await record(resolutionRow(attention))).toBe('overtaken')
  })

  test('waits for a finding that is being recorded, and then is not', async () => {
    const { attention, call } = await anUnknownCall()
    const finding = await openTransaction(database.executorPool)
    await recordLook(finding, call, findingOf('committed'), settling)
    const resolving = record(resolutionRow(attention))
    await untilSomebodyWaits(database.readerPool)
    await finding.commit()
    expect(await resolving).toBe('overtaken')
  })

  test('is not recorded once an answer came late that whoever decided was not shown', async () => {
    const { attention, call } = await anUnknownCall()
    await recordLateResult(database.executorPool, call, 1, happened)
    expect(await record(resolutionRow(attention))).toBe('overtaken')
  })

  test('holds back whoever woke up late', async () => {
    const { attention, call } = await anUnknownCall()
    expect(await mayStillCall(database.executorPool, call, 1)).toBe(true)
    await record(resolutionRow(attention, { choice: 'did-not-happen', evidence: 'seen' }))
    expect(await mayStillCall(database.executorPool, call, 1)).toBe(false)
  })

  test('is not recorded under an authority that moved', async () => {
    const { ref, attention } = await anUnknownCall()
    const revision = await authorityOf(database.serverPool, ref.tenant)
    await stopAll(database.serverPool, ref.tenant)
    expect(await recordResolution(database.serverPool, resolutionRow(attention), revision)).toBe('moved')
  })

  test('is about the call that the attention is about', async () => {
    const { attention } = await anUnknownCall()
    for (const changes of [{ step: 'step2' }, { phase: 'compensate' }, { generation: 1 }] as const)
      expect(await record(resolutionRow(attention, { facts: 0, ...changes }))).toBe('overtaken')
  })

  test('of an action that has ended says what was so, and orders nothing', async () => {
    const { ref, attention } = await anUnknownCall()
    await closeAction(database.serverPool, ref, { outcome: 'needs-attention', explanation: '', run_id: 'run' })
    expect(await record(resolutionRow(attention))).toBe('overtaken')
    expect(await record(resolutionRow(attention, { choice: 'compensate' }))).toBe('overtaken')
    expect(await record(resolutionRow(attention, { choice: 'happened', evidence: 'seen' }))).toBe('recorded')
  })

  test.each([
    ['that says what is so without evidence', { choice: 'happened' }],
    ['without a reason', { reason: '' }],
    ['by a method that takes an own signature, without one', { method: 'key' }],
    ['with an own signature by another method', { own_key_id: 'k', own_signature: 's' }],
  ] as const)('%s is refused', async (_, changes) => {
    const { attention } = await anUnknownCall()
    await expect(record(resolutionRow(attention, changes))).rejects.toMatchObject({ code: '23514' })
  })
})

describe('an intent under a new key', () => {
  test('is written after people ordered it, once', async () => {
    const { ref, attention } = await anUnknownCall()
    await record(resolutionRow(attention))
    expect(await again(ref)).toBe('written')
    expect((await loadAction(database.serverPool, ref))?.intents.map(({ generation }) => generation)).toEqual([0, 1])
  })

  test('is not written without their order, nor after another decision', async () => {
    const { ref, attention } = await anUnknownCall()
    await again(ref)
    await record(resolutionRow(attention, { choice: 'did-not-happen', evidence: 'seen' }))
    await again(ref)
    expect((await loadAction(database.serverPool, ref))?.intents).toHaveLength(1)
  })

  test('is not written once the one before was seen to have happened', async () => {
    const { ref, attention, call } = await anUnknownCall()
    await record(resolutionRow(attention))
    await recordLook(database.executorPool, call, findingOf('committed'), settling)
    await again(ref)
    expect((await loadAction(database.serverPool, ref))?.intents).toHaveLength(1)
  })

  test('is not written after an answer that nobody contradicts, and is after one that the real system denies', async () => {
    const claimed = async (found?: 'diverged') => {
      const ref = await newAction(database.serverPool, await newTenant(database.serverPool))
      const attention = await calledOnce(database, ref, 'committed')
      if (found) await recordLook(database.executorPool, attention, findingOf(found), settling)
      await record(resolutionRow(attention, { facts: found ? 3 : 2 }))
      await again(ref)
      return (await loadAction(database.serverPool, ref))?.intents.length
    }
    expect(await claimed()).toBe(1)
    expect(await claimed('diverged')).toBe(2)
  })

  test('is not written once an answer came late that says the one before happened', async () => {
    const { ref, attention, call } = await anUnknownCall()
    await record(resolutionRow(attention))
    await recordLateResult(database.executorPool, call, 1, happened)
    await again(ref)
    expect((await loadAction(database.serverPool, ref))?.intents).toHaveLength(1)
  })

  test('is not written while the one before may still be on its way, or be applied', async () => {
    const ref = await newAction(database.serverPool, await newTenant(database.serverPool))
    await recordIntent(database.executorPool, await intentFor(database.serverPool, ref))
    const call = { ...ref, step: 'step1', phase: 'execute', generation: 0 } as const
    const attention = { ...call, id: 'att_1', ordinal: 1, reason: 'unknown', known: {} } as const
    await openAttention(database.serverPool, attention)
    await record(resolutionRow(attention, { facts: 1 }))
    await again(ref)
    expect((await loadAction(database.serverPool, ref))?.intents).toHaveLength(1)
    await recordOutcome(database.executorPool, call, 1, { effect: 'unknown', output: null, error: null })
    await again(ref)
    expect((await loadAction(database.serverPool, ref))?.intents).toHaveLength(1)
    await aMinuteLater(database.ownerUrl, ref)
    expect(await again(ref)).toBe('written')
  })

  test('waits for a finding that is being recorded, and then is not written', async () => {
    const { ref, attention, call } = await anUnknownCall()
    await record(resolutionRow(attention))
    const finding = await openTransaction(database.executorPool)
    await recordLook(finding, call, findingOf('committed'), settling)
    const attempting = again(ref)
    await untilSomebodyWaits(database.readerPool)
    await finding.commit()
    await attempting
    expect((await loadAction(database.serverPool, ref))?.intents).toHaveLength(1)
  })
})
