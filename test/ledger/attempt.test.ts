import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Tool } from '../../src/contract/tool.js'
import type { Effect } from '../../src/domain/lifecycle.js'
import { loadAction } from '../../src/ledger/queries/load-action.js'
import { publishContract } from '../../src/ledger/queries/publish-contract.js'
import { recordAttempt } from '../../src/ledger/queries/record-attempt.js'
import { type CallRef, recordIntent } from '../../src/ledger/queries/record-intent.js'
import { recordLook } from '../../src/ledger/queries/record-look.js'
import { recordObservation } from '../../src/ledger/queries/record-observation.js'
import { type CallOutcome, recordOutcome } from '../../src/ledger/queries/record-outcome.js'
import { openTransaction, untilSomebodyWaits } from '../_util/concurrency.js'
import { refundInvoice, registered } from '../_util/contracts.js'
import { freshDatabase, type TestDatabase } from '../_util/database.js'
import { authorityOf, decisionOf, findingOf, intentFor, newAction, newTenant, stopAll } from '../_util/ledger-rows.js'

let database: TestDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

const unknown: CallOutcome = { effect: 'unknown', output: null, error: { code: 'EXQ-5002', detail: 'timeout' } }
const committed: CallOutcome = { effect: 'committed', output: { refund_id: 're_1' }, error: null }
const declined: CallOutcome = { effect: 'not-committed', output: null, error: { code: 'EXQ-5004', detail: 'no' } }

/** A call whose intent and first attempt are written. */
async function aCall(phase: CallRef['phase'] = 'execute', tool: Tool = refundInvoice): Promise<CallRef> {
  const tenant = await newTenant(database.serverPool)
  const { contract, digest } = registered(tool)
  await publishContract(database.executorPool, tenant, registered(tool))
  const ref = await newAction(database.serverPool, tenant)
  const decision = decisionOf({ contract_digest: digest })
  const intent = await intentFor(database.serverPool, ref, { phase, tool: contract.name, decision })
  await recordIntent(database.executorPool, intent)
  return { ...ref, step: 'step1', phase, generation: 0 }
}

const attempt = (call: CallRef, last: number, revision = 2, executor = 'executor-2') =>
  recordAttempt(database.executorPool, call, last, { authority_revision: revision, action_revision: 0 }, executor)
const look = (call: CallRef, found: Effect, { tookMs = 0, settles = true } = {}) =>
  recordLook(database.executorPool, call, findingOf(found), { tookMs, settles })
const settle = (call: CallRef, number: number, outcome: CallOutcome) =>
  recordOutcome(database.executorPool, call, number, outcome)
const recordOf = async (call: CallRef) =>
  (await loadAction(database.serverPool, call)) as NonNullable<Awaited<ReturnType<typeof loadAction>>>

describe('an attempt', () => {
  test('follows the last one, and no other', async () => {
    const call = await aCall()
    expect(await attempt(call, 2)).toBe(false)
    expect(await attempt(call, 0)).toBe(false)
    expect(await attempt(call, 1)).toBe(true)
    expect(await attempt(call, 1)).toBe(false)
    expect(await attempt(call, 2)).toBe(true)
    expect((await recordOf(call)).attempts.map(({ attempt, executor }) => [attempt, executor])).toEqual([
      [1, 'executor-1'],
      [2, 'executor-2'],
      [3, 'executor-2'],
    ])
  })

  test('is won by exactly one of twenty executors', async () => {
    const call = await aCall()
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => attempt(call, 1, 2, `executor-${index}`)),
    )
    expect(answers.filter(Boolean)).toHaveLength(1)
    expect((await recordOf(call)).attempts).toHaveLength(2)
  })

  test('needs an intent', async () => {
    const call = await aCall()
    expect(await attempt({ ...call, step: 'step2' }, 0)).toBe(false)
    expect(await attempt({ ...call, generation: 1 }, 0)).toBe(false)
    await expect(
      database.executorPool
        .of(call.tenant)
        .query(
          `insert into attempts (tenant, action_id, step, phase, generation, attempt, executor) values ($1, $2, 'step9', 'execute', 0, 1, 'x')`,
          [call.tenant, call.action_id],
        ),
    ).rejects.toMatchObject({ code: '23503' })
  })

  test('is not written under an authority that moved', async () => {
    const call = await aCall()
    await stopAll(database.serverPool, call.tenant)
    expect(await attempt(call, 1, 2)).toBe(false)
    expect(await authorityOf(database.serverPool, call.tenant)).toBe(3)
    expect(await attempt(call, 1, 3)).toBe(true)
  })

  test('does not outrun a stop that commits first', async () => {
    const call = await aCall()
    const stop = await openTransaction(database.serverPool)
    await stopAll(stop, call.tenant)
    const answer = attempt(call, 1)
    await untilSomebodyWaits(database.serverPool)
    await stop.commit()
    expect(await answer).toBe(false)
  })

  test('may follow an unknown outcome, but no definite one', async () => {
    for (const [outcome, may] of [
      [unknown, true],
      [committed, false],
      [declined, false],
    ] as const) {
      const call = await aCall()
      await settle(call, 1, outcome)
      expect(await attempt(call, 1)).toBe(may)
    }
  })
})

describe('an outcome', () => {
  test('needs its attempt', async () => {
    const call = await aCall()
    await expect(settle(call, 2, committed)).rejects.toMatchObject({ code: '23503' })
  })

  test('of an attempt is the first that was recorded', async () => {
    const call = await aCall()
    await settle(call, 1, unknown)
    await settle(call, 1, committed)
    expect((await recordOf(call)).outcomes).toMatchObject([{ attempt: 1, effect: 'unknown', error: unknown.error }])
  })

  test('is definite once per call: a refusal of one attempt is unknown while another may have been applied', async () => {
    const call = await aCall()
    await attempt(call, 1)
    await attempt(call, 2)
    await settle(call, 1, unknown)
    expect(await settle(call, 2, declined)).toBe('unknown')
    expect(await settle(call, 3, committed)).toBe('committed')
    expect((await recordOf(call)).outcomes.map(({ attempt, effect }) => [attempt, effect])).toEqual([
      [1, 'unknown'],
      [2, 'unknown'],
      [3, 'committed'],
    ])
  })

  test('is a definite refusal where there is no other attempt', async () => {
    const call = await aCall()
    expect(await settle(call, 1, declined)).toBe('not-committed')
    expect(await attempt(call, 1)).toBe(false)
  })

  test('is definite once per call where two are recorded at once', async () => {
    for (let round = 0; round < 5; round += 1) {
      const call = await aCall()
      await attempt(call, 1)
      await Promise.all([settle(call, 1, committed), settle(call, 2, declined)])
      const definite = (await recordOf(call)).outcomes.filter(({ effect }) => effect !== 'unknown')
      expect(definite.map(({ effect }) => effect)).toEqual(['committed'])
    }
  })

  test('keeps what was cut from its output beside it', async () => {
    const call = await aCall()
    const cut = { fields: ['/email'], rows: {} }
    await settle(call, 1, { effect: 'committed', output: { id: '1' }, cut, error: null })
    expect((await recordOf(call)).outcomes[0]).toMatchObject({ output: { id: '1' }, cut })
  })

  test('keeps the output as it was given', async () => {
    const call = await aCall()
    const output = { text: '“€ \u2028 \\u0041 "', big: 9_007_199_254_740_991, deep: [{ a: null }, [], {}], empty: '' }
    await settle(call, 1, { effect: 'committed', output, error: null })
    expect((await recordOf(call)).outcomes[0]?.output).toEqual(output)
  })
})

describe('an observation', () => {
  const seen = { tool: 'get_invoice', output: { refundable_cents: 4200 }, output_digest: 'sha256:o' }

  test('is recorded together with the outcome of the read', async () => {
    const call = await aCall('observe')
    await recordObservation(database.executorPool, call, 1, seen, seen, 10_000)
    const record = await recordOf(call)
    expect(record.observations).toMatchObject([{ step: 'step1', ...seen }])
    expect(record.outcomes).toMatchObject([{ phase: 'observe', effect: 'committed', output: seen.output }])
  })

  test('stays whole for the policy, while its outcome keeps what the agent may see', async () => {
    const call = await aCall('observe')
    const cut = { fields: ['/refundable_cents'], rows: { '/items': 2 } }
    await recordObservation(database.executorPool, call, 1, seen, { output: {}, cut }, 10_000)
    const record = await recordOf(call)
    expect(record.observations).toMatchObject([{ output: seen.output }])
    expect(record.outcomes).toMatchObject([{ output: {}, cut }])
  })

  test('is the first one: what was sealed is what was seen', async () => {
    const call = await aCall('observe')
    await attempt(call, 1)
    await recordObservation(database.executorPool, call, 1, seen, seen, 10_000)
    await recordObservation(database.executorPool, call, 2, { ...seen, output: { refundable_cents: 9 } }, seen, 10_000)
    const record = await recordOf(call)
    expect(record.observations).toMatchObject([{ output: { refundable_cents: 4200 } }])
    expect(record.outcomes).toHaveLength(1)
  })
})

test('a verification is the first finding', async () => {
  const call = await aCall()
  expect(await look(call, 'committed')).toBe(true)
  expect(await look(call, 'diverged')).toBe(false)
  expect((await recordOf(call)).verifications).toMatchObject([{ found: 'committed', detail: null }])
})
