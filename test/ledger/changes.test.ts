import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Change } from '../../src/domain/change.js'
import { type LedgerNews, openLedgerNews } from '../../src/ledger/ledger-news.js'
import { castVote } from '../../src/ledger/queries/cast-vote.js'
import { closeAction } from '../../src/ledger/queries/close-action.js'
import { recordDecisions } from '../../src/ledger/queries/record-decisions.js'
import { recordNotices } from '../../src/ledger/queries/record-notices.js'
import { recordReview } from '../../src/ledger/queries/record-review.js'
import { recordStop } from '../../src/ledger/queries/record-stop.js'
import { openTransaction } from '../_util/concurrency.js'
import { freshDatabase, type TestDatabase } from '../_util/database.js'
import {
  authorityOf,
  decisionOf,
  newAction,
  newEnvelope,
  newTenant,
  stopAll,
  under,
  voteOn,
} from '../_util/ledger-rows.js'

let database: TestDatabase
let news: LedgerNews
beforeAll(async () => {
  database = await freshDatabase()
  news = await openLedgerNews(database.ownerUrl)
})
afterAll(async () => {
  await news.close()
  await database.drop()
})

/** What is told in a tenant from now on. */
function listenIn(tenant: string): Change[] {
  const told: Change[] = []
  news.subscribe(tenant, (change) => told.push(change))
  return told
}

/** A tenant of its own, with one action in it, and all that is told there. */
async function newDesk() {
  const tenant = await newTenant(database.serverPool)
  const ref = await newAction(database.serverPool, tenant)
  return { tenant, ref, told: listenIn(tenant) }
}

/** Waits until everything that was told before this has arrived. */
async function settle(): Promise<void> {
  const heard = vi.fn()
  const end = news.subscribe('settled', heard)
  const payload = JSON.stringify({ tenant: 'settled', topics: ['stops'] })
  await database.serverPool.ofNobody.query(`select pg_notify('exequatur_changes', $1)`, [payload])
  await vi.waitFor(() => expect(heard).toHaveBeenCalled(), 20_000)
  end()
}

describe('whoever shows what people look at is told', () => {
  test('that something was amended, or cancelled', async () => {
    const { tenant, ref, told } = await newDesk()
    const { id, digest } = await newEnvelope(database.serverPool, ref)
    await settle()
    told.splice(0)
    const changed = { topics: ['approvals', 'actions'], action_id: ref.action_id }
    for (const sql of [
      `insert into amendments (tenant, action_id, revision, approval_id, round, step, args, previous_digest, amended_by,
         account, reason, statement, key_id, signature)
       values ($1, $2, 1, $3, 1, 'step1', '{}', $4, 'person:ann', 'token:1', 'less', '{}', 'key', 'signature')`,
      `insert into cancellations (tenant, action_id, cancelled_by, reason)
       select $1, $2, 'person:ann', 'no more' where $3 <> '' and $4 <> ''`,
    ]) {
      await database.serverPool.of(tenant).query(sql, [tenant, ref.action_id, id, digest])
      await settle()
      expect(told.splice(0)).toEqual([changed])
    }
  })

  test('that people are asked, that one voted, and that it ended', async () => {
    const { tenant, ref, told } = await newDesk()
    const sealed = await newEnvelope(database.serverPool, ref)
    await settle()
    expect(told.splice(0)).toEqual([{ topics: ['approvals', 'actions'], action_id: ref.action_id }])

    const asked = [{ kind: 'asked', ordinal: 1, recipients: ['person:ann'] }] as const
    await recordNotices(database.serverPool, ref, { approval_id: sealed.id }, asked)
    await castVote(database.serverPool, ref, voteOn(tenant, sealed), await authorityOf(database.serverPool, tenant))
    await settle()
    for (const change of told.splice(0)) expect(change).toEqual({ topics: ['approvals'], action_id: ref.action_id })

    await closeAction(database.serverPool, ref, { outcome: 'rejected', explanation: 'No.', run_id: 'run' })
    await settle()
    expect(told).toEqual([{ topics: ['approvals', 'actions'], action_id: ref.action_id }])
  })

  test("of stops and reviews, and of nobody else's", async () => {
    const { tenant, ref, told } = await newDesk()
    const elsewhere = await newDesk()
    await stopAll(database.serverPool, tenant)
    await settle()
    expect(told.splice(0)).toEqual([{ topics: ['stops'] }])

    await recordReview(database.serverPool, ref, { reviewer: 'person:ann', verdict: 'looked-at', reason: null })
    await settle()
    expect(told).toEqual([{ topics: ['reviews'], action_id: ref.action_id }])
    expect(elsewhere.told).toEqual([])
  })

  test('in every tenant, where all of them are stopped', async () => {
    const [one, another] = [await newDesk(), await newDesk()]
    const order = { scope: 'all', state: 'stopped', pending: 'end', reason: 'Fire.', by: 'operator' } as const
    await recordStop(database.serverPool, { ...order, tenant: '*', authority_revision: null })
    await settle()
    for (const { told } of [one, another]) expect(told).toEqual([{ topics: ['stops'] }])
  })

  test('once, of what one transaction did to an action', async () => {
    const { tenant, ref, told } = await newDesk()
    const transaction = await openTransaction(database.serverPool)
    const sealed = await newEnvelope(transaction, ref)
    await castVote(transaction, ref, voteOn(tenant, sealed), await authorityOf(database.serverPool, tenant))
    await recordReview(transaction, ref, { reviewer: 'person:ann', verdict: 'looked-at', reason: null })
    await settle()
    expect(told).toEqual([])
    await transaction.commit()
    await settle()
    expect(told).toEqual([{ topics: ['approvals', 'actions', 'reviews'], action_id: ref.action_id }])
  })

  test('nothing while an action that asks nobody is on its way, and then that it ended', async () => {
    const { ref, told } = await newDesk()
    const key = { ...ref, stage: 'policy', phase: 'execute', round: 1, under } as const
    await recordDecisions(database.serverPool, key, [{ ...decisionOf(), tool: 'refund_invoice' }])
    await settle()
    expect(told).toEqual([])
    await closeAction(database.serverPool, ref, { outcome: 'denied', explanation: 'No.', run_id: 'run' })
    await settle()
    expect(told).toEqual([{ topics: ['actions'], action_id: ref.action_id }])
  })

  test('no more once it has ended its subscription', async () => {
    const { tenant } = await newDesk()
    const told: Change[] = []
    const end = news.subscribe(tenant, (change) => told.push(change))
    end()
    await stopAll(database.serverPool, tenant)
    await settle()
    expect(told).toEqual([])
  })

  test('nothing by what the ledger did not say', async () => {
    const { tenant, told } = await newDesk()
    for (const text of ['', '{', 'null', '[]', '{"tenant":1}', `{"tenant":"${tenant}","topics":"stops"}`])
      await database.executorPool.ofNobody.query(`select pg_notify('exequatur_changes', $1)`, [text])
    await settle()
    expect(told).toEqual([])
  })
})
