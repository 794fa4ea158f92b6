import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Contract, DownstreamPromise } from '../../src/domain/contract.js'
import type { Effect } from '../../src/domain/lifecycle.js'
import { haltAction } from '../../src/ledger/queries/halt-action.js'
import { loadAction } from '../../src/ledger/queries/load-action.js'
import { mayStillCall } from '../../src/ledger/queries/may-still-call.js'
import { openAttention } from '../../src/ledger/queries/open-attention.js'
import { owedHints } from '../../src/ledger/queries/owed-hints.js'
import { publishContract } from '../../src/ledger/queries/publish-contract.js'
import { recordAttempt } from '../../src/ledger/queries/record-attempt.js'
import { type CallRef, recordIntent } from '../../src/ledger/queries/record-intent.js'
import { recordLook } from '../../src/ledger/queries/record-look.js'
import { type CallOutcome, recordOutcome } from '../../src/ledger/queries/record-outcome.js'
import { recordResolution } from '../../src/ledger/queries/record-resolution.js'
import { aMinuteLater, resolutionRow } from '../_util/attention-rows.js'
import { addNote, registered } from '../_util/contracts.js'
import { freshDatabase, type TestDatabase } from '../_util/database.js'
import { decisionOf, findingOf, intentFor, newAction, newTenant } from '../_util/ledger-rows.js'

let database: TestDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

const unknown: CallOutcome = { effect: 'unknown', output: null, error: { code: 'EXQ-5002', detail: 'timeout' } }
const committed: CallOutcome = { effect: 'committed', output: { note_id: 'n_1' }, error: null }

interface Made {
  readonly phase?: 'execute' | 'compensate'
  readonly undo?: DownstreamPromise
  readonly published?: boolean
}

/** A call to a system that promises this, with one attempt. */
async function aCall(downstream: DownstreamPromise, { phase = 'execute', undo, published = true }: Made = {}) {
  const tenant = await newTenant(database.serverPool)
  const changes: Partial<Contract> = { downstream, ...(undo && { undo }) }
  const contract = registered(addNote, 'live', null, changes)
  if (published) await publishContract(database.executorPool, tenant, contract)
  const ref = await newAction(database.serverPool, tenant)
  const decision = decisionOf({ contract_digest: contract.digest })
  const intend = async (of: 'execute' | 'compensate') => {
    const intent = await intentFor(database.serverPool, ref, { phase: of, tool: 'add_note', decision })
    expect(await recordIntent(database.executorPool, intent)).toBe('written')
  }
  await intend('execute')
  if (phase === 'compensate') {
    await answer({ ...ref, step: 'step1', phase: 'execute', generation: 0 }, 1, committed)
    await haltAction(database.serverPool, ref, 'failed')
    await intend('compensate')
  }
  return { ...ref, step: 'step1', phase, generation: 0 } as const
}

const recordOf = async (call: CallRef) =>
  (await loadAction(database.serverPool, call)) as NonNullable<Awaited<ReturnType<typeof loadAction>>>

async function again(call: CallRef, last = 1): Promise<boolean> {
  const { authority_revision, revision } = await recordOf(call)
  return recordAttempt(database.executorPool, call, last, { authority_revision, action_revision: revision }, 'other')
}
const answer = (call: CallRef, attempt: number, outcome: CallOutcome) =>
  recordOutcome(database.executorPool, call, attempt, outcome)
const look = (call: CallRef, found: Effect, { tookMs = 0, settles = false } = {}) =>
  recordLook(database.executorPool, call, findingOf(found), { tookMs, settles })

const quick = { call_timeout_ms: 1, settling_ms: 30_000, read_after_write_ms: 1_000 } as const
const settled = (call: CallRef) => aMinuteLater(database.ownerUrl, call)
/** What has begun at this moment took so long, where a minute is as if it had passed. */
const sinceAMinuteBefore = (moment: number) => performance.now() - moment + 60_000

describe.concurrent('another attempt', () => {
  test('is never made where nothing is promised, whatever was seen', async () => {
    const call = await aCall({ class: 'neither', ...quick })
    await answer(call, 1, unknown)
    expect(await again(call)).toBe(false)
    await settled(call)
    await look(call, 'not-committed')
    expect(await again(call)).toBe(false)
  })

  test('is never made where no contract is known', async () => {
    const call = await aCall({ class: 'read', ...quick }, { published: false })
    expect(await again(call)).toBe(false)
  })

  test('is made as often as asked for where only something is read', async () => {
    const call = await aCall({ class: 'read', ...quick })
    expect(await again(call)).toBe(true)
    expect(await again(call, 2)).toBe(true)
  })

  test('is made under a key only while the downstream is sure to honour it', async () => {
    const call = await aCall({ class: 'idempotent-by-key', ...quick, call_timeout_ms: 10_000, key_lifetime_ms: 75_000 })
    expect(await again(call)).toBe(true)
    // So long before the key is forgotten, what is sent now could be on its way until after that.
    await settled(call)
    expect(await again(call, 2)).toBe(false)
  })

  test('needs a look that was late enough and found nothing, where the downstream can be asked', async () => {
    const call = await aCall({ class: 'queryable', ...quick })
    const since = performance.now()
    await answer(call, 1, unknown)
    expect(await again(call)).toBe(false)
    await look(call, 'not-committed')
    expect(await again(call)).toBe(false)
    await settled(call)
    expect(await again(call)).toBe(false)
    // It was recorded late enough, but had begun before.
    await look(call, 'not-committed', { tookMs: sinceAMinuteBefore(since) })
    expect(await again(call)).toBe(false)
    await look(call, 'unknown')
    expect(await again(call)).toBe(false)
    await look(call, 'not-committed')
    expect(await again(call)).toBe(true)
  })

  test('needs another such look after each attempt', async () => {
    const call = await aCall({ class: 'queryable', ...quick })
    await settled(call)
    await look(call, 'not-committed')
    expect(await again(call)).toBe(true)
    await answer(call, 2, unknown)
    expect(await again(call, 2)).toBe(false)
  })

  test('is not made after a look that settled the call', async () => {
    const call = await aCall({ class: 'idempotent-by-key', ...quick, key_lifetime_ms: 60_000 })
    await answer(call, 1, unknown)
    expect(await look(call, 'committed', { settles: true })).toBe(true)
    expect(await again(call)).toBe(false)
  })

  test('is not made after people decided what became of the call', async () => {
    const call = await aCall({ class: 'idempotent-by-key', ...quick, key_lifetime_ms: 600_000 })
    await answer(call, 1, unknown)
    const attention = { ...call, phase: 'execute', id: 'att_1', ordinal: 1, reason: 'unknown', known: {} } as const
    await openAttention(database.serverPool, attention)
    await settled(call)
    const decided = resolutionRow(attention, { choice: 'did-not-happen', evidence: 'seen' })
    const revision = (await recordOf(call)).authority_revision
    expect(await recordResolution(database.serverPool, decided, revision)).toBe('recorded')
    expect(await again(call)).toBe(false)
  })

  test('to undo goes by what is promised about undoing', async () => {
    const never = { class: 'neither', call_timeout_ms: 1 } as const
    const always = { class: 'idempotent-by-key', call_timeout_ms: 1, key_lifetime_ms: 60_000 } as const
    expect(await again(await aCall(never, { phase: 'compensate', undo: always }))).toBe(true)
    expect(await again(await aCall(always, { phase: 'compensate', undo: never }))).toBe(false)
    expect(await again(await aCall(always, { phase: 'compensate' }))).toBe(true)
  })
})

describe.concurrent('an absence', () => {
  const asFinding = { settles: true }

  test('settles a call only where its look began late enough', async () => {
    const call = await aCall({ class: 'queryable', ...quick })
    const since = performance.now()
    await answer(call, 1, unknown)
    expect(await look(call, 'not-committed', asFinding)).toBe(false)
    await settled(call)
    expect(await look(call, 'not-committed', { tookMs: sinceAMinuteBefore(since), ...asFinding })).toBe(false)
    expect(await look(call, 'not-committed', asFinding)).toBe(true)
    const record = await recordOf(call)
    expect(record.verifications).toMatchObject([{ found: 'not-committed' }])
    expect(record.looks.map(({ found }) => found)).toEqual(['not-committed', 'not-committed', 'not-committed'])
  })

  test('never settles one to what cannot be asked', async () => {
    const call = await aCall({ class: 'neither', ...quick })
    await answer(call, 1, unknown)
    await settled(call)
    expect(await look(call, 'not-committed', asFinding)).toBe(false)
    expect((await recordOf(call)).verifications).toEqual([])
    expect(await look(call, 'committed', asFinding)).toBe(true)
  })

  test('does not count for longer because its look was long on its way to the ledger', async () => {
    const call = await aCall({ class: 'queryable', ...quick })
    await answer(call, 1, unknown)
    const beganBy = Date.now()
    await settled(call)
    const late = { tookMs: 0, beganBy: beganBy - 60_000, settles: true }
    expect(await recordLook(database.executorPool, call, findingOf('not-committed'), late)).toBe(false)
  })

  test('is not seen before the look has begun', async () => {
    const call = await aCall({ class: 'queryable', ...quick })
    await expect(look(call, 'not-committed', { tookMs: -60_000, ...asFinding })).rejects.toMatchObject({
      code: '23514',
    })
  })
})

describe.concurrent('an answer that comes late', () => {
  test('is kept beside what a look has settled, not in its place, and makes whoever waits look again', async () => {
    const call = await aCall({ class: 'queryable', ...quick })
    await settled(call)
    expect(await look(call, 'not-committed', { settles: true })).toBe(true)
    expect(await answer(call, 1, committed)).toBeNull()
    const record = await recordOf(call)
    expect(record.outcomes).toEqual([])
    expect(record.late_results).toMatchObject([{ attempt: 1, effect: 'committed', output: committed.output }])
    expect(await owedHints(database.serverPool, call.tenant)).toMatchObject([{ action_id: call.action_id }])
  })

  test('is an answer like any other while nobody has settled the call', async () => {
    const call = await aCall({ class: 'queryable', ...quick })
    await look(call, 'not-committed')
    expect(await answer(call, 1, committed)).toBe('committed')
    expect((await recordOf(call)).late_results).toEqual([])
  })
})

describe('right before a call', () => {
  const may = (call: CallRef, attempt = 1) => mayStillCall(database.executorPool, call, attempt)

  test('it is still the newest attempt, of something that nobody has settled', async () => {
    const call = await aCall({ class: 'read', ...quick })
    expect(await may(call)).toBe(true)
    await again(call)
    expect(await may(call)).toBe(false)
    expect(await may(call, 2)).toBe(true)
    await answer(call, 2, committed)
    expect(await may(call, 2)).toBe(false)
  })

  test('it is not once a look has settled it', async () => {
    const call = await aCall({ class: 'queryable', ...quick })
    await look(call, 'committed', { settles: true })
    expect(await may(call)).toBe(false)
  })
})
