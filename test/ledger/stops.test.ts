import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ledgerMoment } from '../../src/ledger/queries/ledger-moment.js'
import { loadAuthority } from '../../src/ledger/queries/load-authority.js'
import { publishContract } from '../../src/ledger/queries/publish-contract.js'
import { recordAttempt } from '../../src/ledger/queries/record-attempt.js'
import { recordIntent } from '../../src/ledger/queries/record-intent.js'
import { recordOutcome } from '../../src/ledger/queries/record-outcome.js'
import { recordPrincipal } from '../../src/ledger/queries/record-principal.js'
import { recordStop, type StopOrder } from '../../src/ledger/queries/record-stop.js'
import { setContractStatus } from '../../src/ledger/queries/set-contract-status.js'
import { openTransaction, untilSomebodyWaits } from '../_util/concurrency.js'
import { registered, sampleTools } from '../_util/contracts.js'
import { freshDatabase, type TestDatabase } from '../_util/database.js'
import { authorityOf, decisionOf, intentFor, newAction, newTenant } from '../_util/ledger-rows.js'

let database: TestDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

const orderOf = (tenant: string, changes: Partial<StopOrder> = {}): StopOrder => ({
  tenant,
  scope: 'agent:desk',
  state: 'stopped',
  pending: 'end',
  reason: 'fire',
  by: 'person:ann',
  authority_revision: null,
  ...changes,
})
const everything = (state: StopOrder['state']) => orderOf('*', { scope: 'all', state })
const stopsOf = async (tenant: string) =>
  (await loadAuthority(database.serverPool, tenant)).stops.map(({ scope }) => scope)

describe('an order', () => {
  test('to stop stands until it is resumed, and says by whom and why', async () => {
    const tenant = await newTenant(database.serverPool)
    expect(await recordStop(database.serverPool, orderOf(tenant, { pending: 'wait' }))).toBe('recorded')
    expect((await loadAuthority(database.serverPool, tenant)).stops).toMatchObject([
      { scope: 'agent:desk', reason: 'fire', pending: 'wait', by: 'person:ann', at: expect.any(String) },
    ])
    expect(await recordStop(database.serverPool, orderOf(tenant, { state: 'resumed' }))).toBe('recorded')
    expect(await stopsOf(tenant)).toEqual([])
    expect(await authorityOf(database.serverPool, tenant)).toBe(3)
  })

  test('to resume what is not stopped is none', async () => {
    const tenant = await newTenant(database.serverPool)
    const resume = orderOf(tenant, { state: 'resumed' })
    expect(await recordStop(database.serverPool, resume)).toBe('not-stopped')
    await recordStop(database.serverPool, orderOf(tenant))
    await recordStop(database.serverPool, resume)
    expect(await recordStop(database.serverPool, resume)).toBe('not-stopped')
  })

  test('for everything waits for nobody who may only read', async () => {
    const reader = await openTransaction(database.readerPool)
    for (const lock of ['pg_advisory_xact_lock_shared', 'pg_advisory_xact_lock'])
      await reader.ofNobody.query(`select ${lock}(hashtextextended('exequatur/authority', 0))`)
    expect(await recordStop(database.serverPool, everything('stopped'))).toBe('recorded')
    await reader.undo()
    expect(await recordStop(database.serverPool, everything('resumed'))).toBe('recorded')
  })

  test('given by many at once is taken from each', async () => {
    const tenant = await newTenant(database.serverPool)
    const orders = Array.from({ length: 12 }, (_, index) => orderOf(tenant, { by: `person:p${index}` }))
    const answers = await Promise.all(orders.map((order) => recordStop(database.serverPool, order)))
    expect(new Set(answers)).toEqual(new Set(['recorded']))
    expect(await authorityOf(database.serverPool, tenant)).toBe(13)
  })

  test('of somebody whose authority moved meanwhile is not taken', async () => {
    const tenant = await newTenant(database.serverPool)
    expect(await recordStop(database.serverPool, orderOf(tenant, { authority_revision: 7 }))).toBe('moved')
    expect(await stopsOf(tenant)).toEqual([])
    expect(await recordStop(database.serverPool, orderOf(tenant, { authority_revision: 1 }))).toBe('recorded')
  })
})

describe('a stop of everything', () => {
  test('raises the authority of every tenant, and one that is set up later sees it', async () => {
    const [one, other] = [await newTenant(database.serverPool), await newTenant(database.serverPool)]
    await recordStop(database.serverPool, everything('stopped'))
    for (const tenant of [one, other]) {
      expect(await authorityOf(database.serverPool, tenant)).toBe(2)
      expect(await stopsOf(tenant)).toEqual(['all'])
    }
    const later = await newTenant(database.serverPool)
    expect(await stopsOf(later)).toEqual(['all'])
    await recordStop(database.serverPool, everything('resumed'))
    for (const tenant of [one, other, later]) expect(await stopsOf(tenant)).toEqual([])
  })

  test('holds intents of every tenant that were decided before', async () => {
    const refs = await Promise.all(
      [1, 2].map(async () => newAction(database.serverPool, await newTenant(database.serverPool))),
    )
    const intents = await Promise.all(refs.map((ref) => intentFor(database.serverPool, ref)))
    await recordStop(database.serverPool, everything('stopped'))
    for (const intent of intents) expect(await recordIntent(database.executorPool, intent)).toBe('moved')
    await recordStop(database.serverPool, everything('resumed'))
  })

  test('waits for a tenant that is just being set up, and raises it', async () => {
    const setUp = await openTransaction(database.serverPool)
    const agent = { principal: 'agent:new', kind: 'agent', state: 'live', owner: null, environment: null } as const
    await recordPrincipal(setUp, 'just-now', agent, 'person:ann')
    const stopped = recordStop(database.serverPool, everything('stopped'))
    await untilSomebodyWaits(database.serverPool)
    await setUp.commit()
    expect(await stopped).toBe('recorded')
    const { revision, stops } = await loadAuthority(database.serverPool, 'just-now')
    expect({ revision, stops: stops.length }).toEqual({ revision: 2, stops: 1 })
    await recordStop(database.serverPool, everything('resumed'))
  })
})

describe('after the acknowledgement of a stop', () => {
  test('there is no younger attempt, first or second, however many try at that moment', async () => {
    for (let round = 0; round < 3; round += 1) {
      const tenant = await newTenant(database.serverPool)
      const refunds = registered(sampleTools.refund_invoice as never)
      await publishContract(database.executorPool, tenant, refunds)
      const refs = await Promise.all(
        Array.from({ length: 20 }, (_, n) => newAction(database.serverPool, tenant, `r${n}`)),
      )
      const decision = decisionOf({ contract_digest: refunds.digest })
      const intents = await Promise.all(refs.map((ref) => intentFor(database.serverPool, ref, { decision })))
      const [again, fresh] = [intents.slice(0, 7), intents.slice(7)]
      for (const intent of again) {
        await recordIntent(database.executorPool, intent)
        const error = { code: 'EXQ-5002', detail: 'timeout' } as const
        await recordOutcome(database.executorPool, intent, 1, { effect: 'unknown', output: null, error })
      }
      const under = { authority_revision: 2, action_revision: 0 }
      const tries = [
        ...fresh.map((intent) => recordIntent(database.executorPool, intent)),
        ...again.map((intent) => recordAttempt(database.executorPool, intent, 1, under, 'executor-2')),
      ]
      await Promise.race(tries)
      await recordStop(database.serverPool, orderOf(tenant))
      const acknowledged = await ledgerMoment(database.serverPool)
      await Promise.all(tries)
      const { rows } = await database.readerPool.of(tenant).query<{ late: number; made: number }>(
        `select count(*)::int as made, count(*) filter (where attempted_at > $2::timestamptz)::int as late
         from attempts where tenant = $1`,
        [tenant, acknowledged],
      )
      expect(rows[0]?.late).toBe(0)
      expect(rows[0]?.made).toBeGreaterThan(7)
    }
  })
})

describe('the status of a contract', () => {
  const tool = registered(sampleTools.refund_invoice as never)
  const published = async () => {
    const tenant = await newTenant(database.serverPool)
    for (const version of [1, 2])
      await publishContract(
        database.executorPool,
        tenant,
        registered(sampleTools.refund_invoice as never, 'live', null, { version }),
      )
    return tenant
  }
  const set = (tenant: string, status: 'live' | 'deprecated' | 'withdrawn', version: number | null = null) =>
    setContractStatus(database.serverPool, {
      tenant,
      tool: 'refund_invoice',
      version,
      status,
      note: 'see incident 41',
      by: 'person:ann',
      authority_revision: null,
    })
  const statuses = async (tenant: string) =>
    (await loadAuthority(database.serverPool, tenant)).contracts.map(({ status }) => status)

  test('is that of the last order, for one version or for all', async () => {
    const tenant = await published()
    expect(await set(tenant, 'withdrawn', 1)).toEqual([1])
    expect(await statuses(tenant)).toEqual(['withdrawn', 'live'])
    expect(await set(tenant, 'withdrawn')).toEqual([2])
    expect(await set(tenant, 'live')).toEqual([1, 2])
    expect(await statuses(tenant)).toEqual(['live', 'live'])
  })

  test('deprecated takes no withdrawal back', async () => {
    const tenant = await published()
    await set(tenant, 'withdrawn', 1)
    expect(await set(tenant, 'deprecated')).toEqual([2])
    expect(await statuses(tenant)).toEqual(['withdrawn', 'deprecated'])
  })

  test('is not changed by an executor that publishes its tools again, however it says it', async () => {
    const tenant = await published()
    await set(tenant, 'withdrawn')
    expect(await publishContract(database.executorPool, tenant, tool)).toBe('known')
    const insert = (more: string, value: string) =>
      database.executorPool.of(tenant).query(
        `insert into contracts (tenant, tool, version, revision, digest, contract, status${more})
         select tenant, tool, version, revision + 1, digest, contract, 'live'${value} from contracts
         where tenant = $1 and version = 1 order by revision desc limit 1`,
        [tenant],
      )
    expect((await insert('', '')).rowCount).toBe(0)
    await expect(insert(', recorded_by', `, 'person:ann'`)).rejects.toMatchObject({ code: '42501' })
    expect(await statuses(tenant)).toEqual(['withdrawn', 'withdrawn'])
  })

  test('holds an intent that was decided before', async () => {
    const tenant = await published()
    const ref = await newAction(database.serverPool, tenant)
    const intent = await intentFor(database.serverPool, ref)
    await set(tenant, 'withdrawn')
    expect(await recordIntent(database.executorPool, intent)).toBe('moved')
  })
})
