import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Tool } from '../../src/contract/tool.js'
import type { ActionRef } from '../../src/domain/activities.js'
import { closeAction } from '../../src/ledger/queries/close-action.js'
import { listReviews } from '../../src/ledger/queries/list-reviews.js'
import { loadAction } from '../../src/ledger/queries/load-action.js'
import { publishContract } from '../../src/ledger/queries/publish-contract.js'
import { recordIntent } from '../../src/ledger/queries/record-intent.js'
import { recordLook } from '../../src/ledger/queries/record-look.js'
import { recordOutcome } from '../../src/ledger/queries/record-outcome.js'
import { recordReview } from '../../src/ledger/queries/record-review.js'
import { getInvoice, refundInvoice, registered } from '../_util/contracts.js'
import { freshDatabase, type TestDatabase } from '../_util/database.js'
import {
  authorityOf,
  decisionOf,
  findingOf,
  intentFor,
  newAction,
  newEnvelope,
  newTenant,
} from '../_util/ledger-rows.js'

let database: TestDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

type Effect = 'committed' | 'not-committed' | 'unknown'
interface Course {
  readonly effect?: Effect
  readonly found?: 'committed' | 'not-committed'
  readonly tool?: typeof refundInvoice
  readonly approved?: boolean
}

/** What gets no answer of it is not applied later. */
const settlingAtOnce = (tool: Tool) =>
  registered(tool, 'live', null, { downstream: { ...tool.contract.downstream, settling_ms: 0 } })

async function aTenant(): Promise<string> {
  const tenant = await newTenant(database.serverPool)
  for (const tool of [refundInvoice, getInvoice])
    await publishContract(database.executorPool, tenant, settlingAtOnce(tool))
  return tenant
}

/** An action that made one call, and ended. */
async function anEnded(tenant: string, request_id: string, course: Course = {}): Promise<ActionRef> {
  const { effect = 'committed', found, tool = refundInvoice, approved = false } = course
  const ref = await newAction(database.serverPool, tenant, request_id)
  const envelope = approved ? await newEnvelope(database.serverPool, ref) : null
  const { contract, digest } = settlingAtOnce(tool)
  const intent = await intentFor(database.serverPool, ref, {
    tool: contract.name,
    decision: decisionOf({ contract_digest: digest }),
    envelope_digest: envelope?.digest ?? null,
    authority_revision: await authorityOf(database.serverPool, tenant),
  })
  expect(await recordIntent(database.executorPool, intent)).toBe('written')
  await recordOutcome(database.executorPool, intent, 1, { effect, output: null, error: null })
  if (found) await recordLook(database.executorPool, intent, findingOf(found), { tookMs: 0, settles: true })
  await closeAction(database.serverPool, ref, { outcome: 'succeeded', explanation: '', run_id: 'run' })
  return ref
}

const standingOf = async (ref: ActionRef) => (await loadAction(database.serverPool, ref))?.review ?? null
const listed = async (tenant: string, standing: 'due' | 'objected' = 'due', limit = 10) =>
  (await listReviews(database.serverPool, { tenant, standing, limit })).map(({ id }) => id)

describe('what ran without people', () => {
  test.each<[what: string, course: Course, standing: 'due' | null]>([
    ['a change', {}, 'due'],
    ['a change nobody is sure of', { effect: 'unknown' }, 'due'],
    ['a change that was lost and found again', { effect: 'unknown', found: 'committed' }, 'due'],
    ['a change that the real system denies', { effect: 'committed', found: 'not-committed' }, 'due'],
    ['a call that was refused', { effect: 'not-committed' }, null],
    ['a call that turned out to have changed nothing', { effect: 'unknown', found: 'not-committed' }, null],
    ['a read', { tool: getInvoice }, null],
    ['a change that people approved', { approved: true }, null],
  ])('%s: to be looked over or not', async (_, course, standing) => {
    const ref = await anEnded(await aTenant(), 'r1', course)
    expect(await standingOf(ref)).toBe(standing)
    expect(await listed(ref.tenant)).toEqual(standing ? [ref.action_id] : [])
  })

  test('is to be looked over once it has ended, and not before', async () => {
    const ref = await newAction(database.serverPool, await aTenant())
    expect(await standingOf(ref)).toBeNull()
  })

  test('is listed in the order of its ending, of one tenant, page by page', async () => {
    const [tenant, other] = [await aTenant(), await aTenant()]
    const refs = [await anEnded(tenant, 'r1'), await anEnded(tenant, 'r2'), await anEnded(tenant, 'r3')]
    await anEnded(other, 'r1')
    const ids = refs.map(({ action_id }) => action_id)
    expect(await listed(tenant)).toEqual(ids)
    const [first] = await listReviews(database.serverPool, { tenant, standing: 'due', limit: 1 })
    const after = { ended_at: first?.ended_at ?? '', id: first?.id ?? '' }
    const rest = await listReviews(database.serverPool, { tenant, standing: 'due', limit: 5, after })
    expect(rest.map(({ id }) => id)).toEqual(ids.slice(1))
  })
})

describe('a review', () => {
  const looked = { reviewer: 'person:bob', verdict: 'looked-at', reason: null } as const
  const objected = { reviewer: 'person:bob', verdict: 'objected', reason: 'Twice.' } as const

  test('takes the action off the list, and is kept', async () => {
    const ref = await anEnded(await aTenant(), 'r1')
    await recordReview(database.serverPool, ref, looked)
    await recordReview(database.serverPool, ref, looked)
    expect(await listed(ref.tenant)).toEqual([])
    const record = await loadAction(database.serverPool, ref)
    expect(record?.reviews).toMatchObject([looked])
  })

  test('that objects stays, whoever looks afterwards', async () => {
    const ref = await anEnded(await aTenant(), 'r1')
    await recordReview(database.serverPool, ref, objected)
    await recordReview(database.serverPool, ref, { ...looked, reviewer: 'person:cyd' })
    expect(await standingOf(ref)).toBe('objected')
    expect(await listed(ref.tenant)).toEqual([])
    expect(await listed(ref.tenant, 'objected')).toEqual([ref.action_id])
  })

  test('may object after somebody saw nothing wrong', async () => {
    const ref = await anEnded(await aTenant(), 'r1')
    await recordReview(database.serverPool, ref, looked)
    await recordReview(database.serverPool, ref, objected)
    expect(await listed(ref.tenant, 'objected')).toEqual([ref.action_id])
  })

  test('objects for a reason', async () => {
    const ref = await anEnded(await aTenant(), 'r1')
    await expect(recordReview(database.serverPool, ref, { ...objected, reason: null })).rejects.toMatchObject({
      code: '23514',
    })
  })
})
