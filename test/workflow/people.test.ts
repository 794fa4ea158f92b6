import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { createPool } from '../../src/ledger/pool.js'
import { type Action, openTestDesk, refund, type TestDesk, until } from '../_util/desk.js'

let desk: TestDesk
beforeAll(async () => {
  desk = await openTestDesk('people')
})
afterAll(() => desk?.close())

async function hold(amount_cents = 90_000, more: Record<string, unknown> = {}): Promise<Action> {
  const { body } = await desk.agent.ask('refund_invoice', { ...refund(amount_cents), ...more }, 1)
  const present = async () => (await desk.agent.get(`/v1/actions/${body.id}`)).body
  await until('approval is asked for', async () => (await present()).approval !== null)
  return present()
}

const amend = (action: Action, who: string, amount_cents: number) =>
  desk.person(who).post<{ code?: string }>(`/v1/approvals/${action.approval?.id}/amendments`, {
    step: 'step1',
    args: { amount_cents },
    reason: 'half of it is due',
    envelope_digest: action.approval?.envelope_digest,
  })

/** The action once it asks anew. */
async function askedAnew(action: Action): Promise<Action> {
  let now = action
  await until('it asks anew', async () => {
    now = (await desk.agent.get<Action>(`/v1/actions/${action.id}`)).body
    return now.approval?.id !== action.approval?.id && now.stage === 'approval'
  })
  return now
}

test('what was amended runs as amended, once somebody else approved it, though the policy alone would let it run', async () => {
  const before = await desk.refunds('in_bulk')
  const held = await hold()
  expect((await amend(held, 'ann', 40_000)).status).toBe(200)
  const anew = await askedAnew(held)
  const decisions = await desk.rows(
    `select result, requirements from decisions where action_id = $1 and stage = 'policy' and round = 2`,
    [held.id],
  )
  expect(decisions).toEqual([{ result: 'require-approval', requirements: { approvers: 1 } }])
  expect((await desk.approve(anew, 'ann')).body).toMatchObject({ code: 'EXQ-4003' })
  expect(await desk.refunds('in_bulk')).toBe(before)
  expect((await desk.approve(anew, 'fred')).status).toBe(200)
  const ended = await desk.agent.ended(held.id)
  expect(ended).toMatchObject({
    outcome: 'succeeded',
    steps: [{ output: { amount_cents: 40_000 } }],
    amendments: [{ amended_by: 'person:ann', changes: [{ pointer: '/amount_cents', before: 90_000, after: 40_000 }] }],
  })
  expect(await desk.refunds('in_bulk')).toBe(before + 1)
})

test('what somebody writes into the ledger as an amendment changes nothing of what runs', async () => {
  const held = await hold(80_000)
  await desk.rows(
    `insert into amendments (tenant, action_id, revision, approval_id, round, step, args, previous_digest, amended_by,
       account, reason, statement, key_id, signature)
     select tenant, action_id, 1, id, 1, 'step1', '{"invoice_id":"in_bulk","reason_code":"service_issue","amount_cents":1}', digest,
       'person:ann', 'token:x', 'why', '{}', 'key', 'forged' from envelopes where action_id = $1`,
    [held.id],
  )
  expect((await desk.approve(held, 'ann')).status).toBe(200)
  const ended = await desk.agent.ended(held.id)
  expect(ended).toMatchObject({ outcome: 'succeeded', steps: [{ output: { amount_cents: 80_000 } }] })
})

test('what has flags runs once somebody named each of them, and not by a mere vote', async () => {
  const held = await hold(70_000, { customer_message: 'From раypal\u202e' })
  expect((await desk.approve(held, 'ann')).body).toMatchObject({ code: 'EXQ-4040' })
  const approvalId = held.approval?.id
  const { body } = await desk.person('ann').get<{ flags: { name: string }[] }>(`/v1/approvals/${approvalId}`)
  const names = body.flags.map(({ name }) => name)
  expect(names).toEqual(['confusable /steps/0/args/customer_message', 'bidi /steps/0/args/customer_message'])
  const { status } = await desk.person('ann').post(`/v1/approvals/${approvalId}/votes`, {
    vote: 'approve',
    reason: 'it says PayPal, and is meant',
    envelope_digest: held.approval?.envelope_digest,
    acknowledged: names,
  })
  expect(status).toBe(200)
  expect(await desk.agent.ended(held.id)).toMatchObject({ outcome: 'succeeded' })
})

test('a connection to the ledger of a running stack sees the tenant it is set to, and none without', async () => {
  const all = await desk.rows<{ count: number }>('select count(*)::int as count from actions')
  expect(all[0]?.count).toBeGreaterThan(0)
  const pool = createPool(desk.dev.database_url, 'exq_reader', 1)
  onTestFinished(() => pool.end())
  const count = 'select count(*)::int as count from actions'
  expect((await pool.ofNobody.query(count)).rows).toEqual([{ count: 0 }])
  expect((await pool.of('globex').query(count)).rows).toEqual([{ count: 0 }])
  expect((await pool.of('acme').query(count)).rows).toEqual(all)
})
