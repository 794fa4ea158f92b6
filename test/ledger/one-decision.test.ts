import { MockActivityEnvironment } from '@temporalio/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDecisionActivities } from '../../activities/index.js'
import type { ActionRef, PolicyReport, TrailReport } from '../../src/domain/activities.js'
import type { Db } from '../../src/ledger/pool.js'
import { closeAction } from '../../src/ledger/queries/close-action.js'
import { loadAction } from '../../src/ledger/queries/load-action.js'
import { recordDecisions } from '../../src/ledger/queries/record-decisions.js'
import { type Intent, recordIntent } from '../../src/ledger/queries/record-intent.js'
import { openTransaction, untilSomebodyWaits } from '../_util/concurrency.js'
import type { TestDatabase } from '../_util/database.js'
import { decisionOf, intentFor, newAction, newTenant, under } from '../_util/ledger-rows.js'
import { interpose } from '../attacks/interpose.js'
import { openRoom, type Room, refund } from '../attacks/room.js'

let room: Room
let database: TestDatabase
beforeAll(async () => {
  room = await openRoom()
  database = room.http.database
})
afterAll(() => room?.close())

const anAction = async () => newAction(database.serverPool, await newTenant(database.serverPool))
const anIntent = async (ref: ActionRef, changes: Partial<Intent> = {}) => intentFor(database.serverPool, ref, changes)
const refuse = (ref: ActionRef, db: Db = database.executorPool) =>
  recordDecisions(db, { ...ref, stage: 'intent', phase: 'execute', round: 1, under }, [
    { ...decisionOf({ result: 'deny', explanation: 'No room.' }), tool: 'refund_invoice' },
  ])

/** What the ledger says of the call of an action. */
async function known(ref: ActionRef) {
  const record = await loadAction(database.serverPool, ref)
  return { decisions: record?.decisions.map(({ result }) => result), intents: record?.intents.length }
}

describe('a call that was refused in a round', () => {
  test('is not made in it by whoever evaluated the policy at the same time; it may be in the next one', async () => {
    const ref = await anAction()
    const allowed = await anIntent(ref)
    expect(await refuse(ref)).toBe(true)
    expect(await recordIntent(database.executorPool, allowed)).not.toBe('written')
    expect(await known(ref)).toEqual({ decisions: ['deny'], intents: 0 })
    expect(await recordIntent(database.executorPool, { ...allowed, round: 2 })).toBe('written')
    expect(await known(ref)).toEqual({ decisions: ['deny', 'allow'], intents: 1 })
  })

  test('is not made while the refusal is being recorded', async () => {
    const ref = await anAction()
    const refusal = await openTransaction(database.executorPool)
    await refuse(ref, refusal)
    const intending = recordIntent(database.executorPool, await anIntent(ref))
    await untilSomebodyWaits(database.readerPool)
    await refusal.commit()
    expect(await intending).not.toBe('written')
    expect(await known(ref)).toEqual({ decisions: ['deny'], intents: 0 })
  })

  test('was not refused where its intent was first', async () => {
    const ref = await anAction()
    const intent = await openTransaction(database.executorPool)
    expect(await recordIntent(intent, await anIntent(ref))).toBe('written')
    const refusing = refuse(ref)
    await untilSomebodyWaits(database.readerPool)
    await intent.commit()
    expect(await refusing).toBe(false)
    expect(await known(ref)).toEqual({ decisions: ['allow'], intents: 1 })
  })
})

describe('two evaluations of one round', () => {
  test.each([
    ['allow', 4_200, 'require-approval'],
    ['require-approval', 20_000, 'deny'],
  ] as const)('that come to %s are told what the first one recorded', async (_later, cents, result) => {
    const ref = { tenant: 'acme', action_id: await room.ask(refund(cents)), round: 1 }
    await room.effect('get_invoice', { ...ref, phase: 'observe' })
    const key = { ...ref, stage: 'policy', phase: 'execute', under } as const
    const first = () =>
      recordDecisions(database.serverPool, key, [{ ...decisionOf({ result }), tool: 'refund_invoice' }])
    const pool = interpose(database.serverPool, /insert into decisions/, first)
    const { policy } = createDecisionActivities({ ...room.http.plane, pool, approvalTtlMs: 60_000 })
    const evaluate = () => policy(ref)
    const report = await new MockActivityEnvironment().run<[], PolicyReport, typeof evaluate>(evaluate)
    expect(report).toMatchObject({ result, decisions: [{ result }] })
    // After that on the look.
    expect((await known(ref)).decisions).toEqual(['allow', result])
  })
})

describe('an ending that says that nothing is there', () => {
  const denied = { outcome: 'denied', explanation: 'No.', run_id: 'run' } as const
  const close = (ref: ActionRef, intents: number) => closeAction(database.serverPool, ref, { ...denied, intents })

  test('is recorded only of the intents that it was judged by', async () => {
    const ref = await anAction()
    await recordIntent(database.executorPool, await anIntent(ref))
    expect(await close(ref, 0)).toBeNull()
    expect((await loadAction(database.serverPool, ref))?.outcome).toBeNull()
    expect(await close(ref, 1)).toBe('denied')
  })

  test('waits for an intent that is being written, and then is not recorded', async () => {
    const ref = await anAction()
    const intent = await openTransaction(database.executorPool)
    await recordIntent(intent, await anIntent(ref))
    const closing = close(ref, 0)
    await untilSomebodyWaits(database.readerPool)
    await intent.commit()
    expect(await closing).toBeNull()
    expect((await loadAction(database.serverPool, ref))?.outcome).toBeNull()
  })

  test('is judged again where a call was begun meanwhile', async () => {
    const action_id = await room.ask(refund())
    await room.effect('get_invoice', { action_id, phase: 'observe' })
    expect(await room.decide(action_id)).toBe('allow')
    room.downstream.faults.push('loses the answer')
    const begin = () => room.effect('refund_invoice', { action_id })
    const pool = interpose(database.serverPool, /outcome = \$3/, begin)
    const { closeTrail } = createDecisionActivities({ ...room.http.plane, pool, approvalTtlMs: 60_000 })
    const ref = { tenant: 'acme', action_id, outcome: 'denied', explanation: 'No.' } as const
    const closing = () => closeTrail(ref)
    const ended = await new MockActivityEnvironment().run<[], TrailReport, typeof closing>(closing)
    expect(room.downstream.of(action_id)).toBe(1)
    expect(ended).toEqual({ outcome: 'needs-attention' })
    const record = await loadAction(database.serverPool, ref)
    expect(record).toMatchObject({
      outcome: 'needs-attention',
      explanation: expect.stringMatching(/^EXQ-5002 .*No\.$/),
    })
  })
})
