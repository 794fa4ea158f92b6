import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ActionRef } from '../../src/domain/activities.js'
import type { Contract } from '../../src/domain/contract.js'
import type { Effect, Phase } from '../../src/domain/lifecycle.js'
import { cancelAction } from '../../src/ledger/queries/cancel-action.js'
import { closeAction } from '../../src/ledger/queries/close-action.js'
import { haltAction } from '../../src/ledger/queries/halt-action.js'
import { loadAction } from '../../src/ledger/queries/load-action.js'
import { publishContract } from '../../src/ledger/queries/publish-contract.js'
import { recordAttempt } from '../../src/ledger/queries/record-attempt.js'
import { type Intent, recordIntent } from '../../src/ledger/queries/record-intent.js'
import { recordOutcome } from '../../src/ledger/queries/record-outcome.js'
import { openTransaction, untilSomebodyWaits } from '../_util/concurrency.js'
import { refundInvoice, registered } from '../_util/contracts.js'
import { asOwner, freshDatabase, type TestDatabase } from '../_util/database.js'
import { decisionOf, intentFor, newAction, newTenant } from '../_util/ledger-rows.js'

let database: TestDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

const call = (ref: ActionRef, phase: Phase, step = 'step1') => ({ ...ref, step, phase, generation: 0 })
const answer = (
  ref: ActionRef,
  attempt: number,
  effect: 'committed' | 'unknown' | 'not-committed',
  phase: Phase = 'execute',
) => recordOutcome(database.executorPool, call(ref, phase), attempt, { effect, output: null, error: null })
const intend = async (ref: ActionRef, changes: Partial<Intent>) =>
  recordIntent(database.executorPool, await intentFor(database.serverPool, ref, changes))
const undo = (ref: ActionRef, changes: Partial<Intent> = {}) =>
  intend(ref, { phase: 'compensate', principal: 'service:compensator', ...changes })
const undone = async (ref: ActionRef) =>
  (await loadAction(database.serverPool, ref))?.intents.filter(({ phase }) => phase === 'compensate').length
const haltIt = (ref: ActionRef) => haltAction(database.serverPool, ref, 'failed')

/** An action with one call that was begun under a contract, and answered where an answer is named. */
async function begun(
  effect?: 'committed' | 'unknown' | 'not-committed',
  changes: Partial<Contract> = {},
): Promise<ActionRef> {
  const tenant = await newTenant(database.serverPool)
  const contract = registered(refundInvoice, 'live', null, changes)
  await publishContract(database.executorPool, tenant, contract)
  const ref = await newAction(database.serverPool, tenant)
  await intend(ref, { decision: decisionOf({ contract_digest: contract.digest }) })
  if (effect) await answer(ref, 1, effect)
  return ref
}

/** A finding, as a look would have it that settles a call. */
const found = (ref: ActionRef, what: Effect = 'committed') =>
  database.executorPool.of(ref.tenant).query(
    `insert into verifications (tenant, action_id, step, phase, generation, found)
     values ($1, $2, 'step1', 'execute', 0, $3)`,
    [ref.tenant, ref.action_id, what],
  )

/** Lets the time that a call may still be applied pass. */
const longAgo = (ref: ActionRef) =>
  asOwner(
    database.ownerUrl,
    `alter table attempts disable trigger append_only;
     alter table outcomes disable trigger append_only;
     update attempts set attempted_at = attempted_at - interval '1 minute' where tenant = '${ref.tenant}';
     update outcomes set recorded_at = recorded_at - interval '1 minute' where tenant = '${ref.tenant}';
     alter table outcomes enable trigger append_only;
     alter table attempts enable trigger append_only`,
  )

describe('an undoing', () => {
  test('is begun once the plan has halted, of a call that was committed', async () => {
    const ref = await begun('committed')
    await undo(ref)
    expect(await undone(ref)).toBe(0)
    await haltIt(ref)
    await undo(ref)
    expect(await undone(ref)).toBe(1)
  })

  test.each([undefined, 'unknown', 'not-committed'] as const)(
    'is never begun of a call that ended %s',
    async (effect) => {
      const ref = await begun(effect)
      await haltIt(ref)
      await longAgo(ref)
      await undo(ref)
      expect(await undone(ref)).toBe(0)
    },
  )

  test.each(['not-committed', 'diverged'] as const)(
    'is never begun of a call that said yes and was found %s',
    async (what) => {
      const ref = await begun('committed')
      await found(ref, what)
      await haltIt(ref)
      await undo(ref)
      expect(await undone(ref)).toBe(0)
    },
  )

  test('is never begun of a step that nobody called', async () => {
    const ref = await begun('committed')
    await haltIt(ref)
    await undo(ref, { step: 'step2' })
    expect(await undone(ref)).toBe(0)
  })

  test('is begun of an unknown call that was found to be committed', async () => {
    const ref = await begun('unknown')
    await haltIt(ref)
    await longAgo(ref)
    await found(ref)
    await undo(ref)
    expect(await undone(ref)).toBe(1)
  })

  test.each([
    ['has no answer yet', undefined],
    ['ended unknown', 'unknown'],
  ] as const)('waits for an earlier attempt that %s, for as long as it may still be applied', async (_, effect) => {
    const ref = await begun(effect)
    const { action_revision, authority_revision } = await intentFor(database.serverPool, ref)
    await recordAttempt(database.executorPool, call(ref, 'execute'), 1, { action_revision, authority_revision }, 'e')
    await answer(ref, 2, 'committed')
    await haltIt(ref)
    await undo(ref)
    expect(await undone(ref)).toBe(0)
    await longAgo(ref)
    await undo(ref)
    expect(await undone(ref)).toBe(1)
  })

  test('waits for as long as the contract of the call says', async () => {
    const ref = await begun('unknown', { downstream: { class: 'queryable', call_timeout_ms: 60_000 } })
    await found(ref)
    await haltIt(ref)
    await longAgo(ref)
    await undo(ref)
    expect(await undone(ref)).toBe(0)
    await longAgo(ref)
    await undo(ref)
    expect(await undone(ref)).toBe(1)
  })

  test('is begun once, whoever tries', async () => {
    const ref = await begun('committed')
    await haltIt(ref)
    const intent = await intentFor(database.serverPool, ref, { phase: 'compensate' })
    const tries = await Promise.all(Array.from({ length: 10 }, () => recordIntent(database.executorPool, intent)))
    expect(tries.filter((written) => written === 'written')).toHaveLength(1)
    expect(await undo(ref, { generation: 1 })).not.toBe('written')
    expect(await undone(ref)).toBe(1)
  })

  test('is followed by no call of its plan: neither a further attempt nor a further step', async () => {
    const ref = await begun('committed')
    await haltIt(ref)
    await undo(ref)
    await intend(ref, { step: 'step2' })
    const insert = (step: string) =>
      database.executorPool.of(ref.tenant).query(
        `insert into attempts (tenant, action_id, step, phase, generation, attempt, executor)
         values ($1, $2, $3, 'execute', 0, 2, 'rogue')`,
        [ref.tenant, ref.action_id, step],
      )
    expect((await insert('step1')).rowCount).toBe(0)
    const record = await loadAction(database.serverPool, ref)
    expect(record?.intents.map(({ step, phase }) => `${step}.${phase}`)).toEqual(['step1.execute', 'step1.compensate'])
    expect(record?.attempts).toHaveLength(2)
  })
})

describe('a cancellation', () => {
  const ending = (outcome: 'succeeded' | 'cancelled' | 'compensated') => ({ outcome, explanation: '', run_id: 'run' })
  const cancel = (ref: ActionRef) => cancelAction(database.serverPool, ref, 'person:ann', 'no longer')

  test('that came first is honoured: the action does not succeed, and ends another way', async () => {
    const ref = await begun('committed')
    expect(await cancel(ref)).toBe(true)
    expect(await closeAction(database.serverPool, ref, ending('succeeded'))).toBeNull()
    expect(await loadAction(database.serverPool, ref)).toMatchObject({ outcome: null, stage: 'execution' })
    expect(await closeAction(database.serverPool, ref, ending('compensated'))).toBe('compensated')
  })

  test('comes too late once the ending is recorded', async () => {
    const ref = await begun('committed')
    expect(await closeAction(database.serverPool, ref, ending('succeeded'))).toBe('succeeded')
    expect(await cancel(ref)).toBe(false)
    expect((await loadAction(database.serverPool, ref))?.cancellation).toBeNull()
  })

  test('and an ending at the same moment: whichever commits first counts', async () => {
    const ref = await begun('committed')
    const first = await openTransaction(database.serverPool)
    await cancelAction(first, ref, 'person:ann', 'no longer')
    const closing = closeAction(database.serverPool, ref, ending('succeeded'))
    await untilSomebodyWaits(database.serverPool)
    await first.commit()
    expect(await closing).toBeNull()

    const other = await begun('committed')
    const closed = await openTransaction(database.serverPool)
    await closeAction(closed, other, ending('succeeded'))
    const cancelling = cancel(other)
    await untilSomebodyWaits(database.serverPool)
    await closed.commit()
    expect(await cancelling).toBe(false)
  })
})
