import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Action, openTestDesk, refund, type TestDesk, until } from '../_util/desk.js'

let desk: TestDesk
beforeAll(async () => {
  desk = await openTestDesk('amendments')
}, 120_000)
afterAll(() => desk?.close())

async function hold(): Promise<Action> {
  const { body } = await desk.agent.ask('refund_invoice', refund(90_000), 1)
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
  const held = await hold()
  await desk.rows(
    `insert into amendments (tenant, action_id, revision, approval_id, round, step, args, previous_digest, amended_by,
       account, reason, statement, key_id, signature)
     select tenant, action_id, 1, id, 1, 'step1', '{"invoice_id":"in_bulk","reason_code":"service_issue","amount_cents":1}', digest,
       'person:ann', 'token:x', 'why', '{}', 'key', 'forged' from envelopes where action_id = $1`,
    [held.id],
  )
  expect((await desk.approve(held, 'ann')).status).toBe(200)
  const ended = await desk.agent.ended(held.id)
  expect(ended).toMatchObject({ outcome: 'succeeded', steps: [{ output: { amount_cents: 90_000 } }] })
})
