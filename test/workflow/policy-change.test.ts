import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Action, connect } from '../../examples/refund-desk/demo/desk-client.js'
import type { ActionExplanation } from '../../src/control-plane/explain-action.js'
import type { PolicySetView } from '../../src/control-plane/list-policy-sets.js'
import type { PolicyChangeView } from '../../src/control-plane/policy-change-view.js'
import { readPolicyFiles } from '../../src/policy/policy-files.js'
import { openTestDesk, refund, type TestDesk, until } from '../_util/desk.js'

let desk: TestDesk
beforeAll(async () => {
  desk = await openTestDesk('policy-change')
})
afterAll(() => desk?.close())

const folder = fileURLToPath(new URL('../../examples/refund-desk/policies', import.meta.url))

/** The files of the example, with refunds allowed up to another amount before finance is asked. */
async function filesWith(limit: number): Promise<Record<string, string>> {
  const files = await readPolicyFiles(folder)
  const refunds = files['refunds.cedar']?.replace('amount_cents > 50000', `amount_cents > ${limit}`) ?? ''
  return { ...files, 'refunds.cedar': refunds }
}

const propose = async (who: string, limit: number) =>
  (
    await desk
      .person(who)
      .post<PolicyChangeView>('/v1/policy/changes', { policies: await filesWith(limit), note: 'more' })
  ).body
const agree = async (who: string, id: string) =>
  (await desk.person(who).post<PolicyChangeView>(`/v1/policy/changes/${id}/agreements`, { vote: 'agree' })).body
const read = async (id: string) => (await desk.person('fred').get(`/v1/actions/${id}`)).body
const approval = async (id: string, other?: string): Promise<Action> => {
  await until('approval is asked for', async () => {
    const asked = (await read(id)).approval?.id
    return asked !== undefined && asked !== other
  })
  return read(id)
}

test('a change that loosens waits for a second person; what waited for approval is then asked for anew', async () => {
  const { body } = await desk.agent.ask('refund_invoice', refund(90_000), 1)
  const before = await approval(body.id)

  const change = await propose('ann', 60_000)
  expect(change).toMatchObject({ state: 'waiting', reasons: ['forbid refund-over-500 is changed'] })
  expect((await agree('ann', change.id)).state).toBe('waiting')
  expect((await read(body.id)).approval).toEqual(before.approval)

  expect((await agree('fred', change.id)).state).toBe('agreed')
  // Nobody votes in between: the change itself makes the workflow look.
  const after = await approval(body.id, before.approval?.id)
  expect(await desk.approve(before, 'fred')).toMatchObject({ status: 409, body: { code: 'EXQ-4004' } })
  expect(after.approval?.envelope_digest).not.toBe(before.approval?.envelope_digest)
  expect(await desk.refunds('in_bulk')).toBe(0)

  const { decisions } = (await desk.person('omar').get<ActionExplanation>(`/v1/actions/${body.id}/explanation`)).body
  const onThePlan = decisions.filter(({ stage }) => stage === 'policy')
  expect(onThePlan.map(({ set, policies }) => [set?.author, set?.until === null, policies[0]?.author])).toEqual([
    ['service:deployment', false, 'service:deployment'],
    ['person:ann', true, 'person:ann'],
  ])
  // Ann altered the policy that asks: she does not decide on what it asks for.
  expect(await desk.approve(after, 'ann')).toMatchObject({ status: 403, body: { code: 'EXQ-4003' } })
  await desk.approve(after, 'fred')
  expect((await desk.agent.ended(body.id)).outcome).toBe('succeeded')
  expect(await desk.refunds('in_bulk')).toBe(1)
})

test('votes from before a change of policies let nothing happen after it', async () => {
  const officer = connect(desk.dev, desk.dev.tokens.agents.privacy_officer_bot ?? '')
  const { body } = await officer.ask('delete_customer', { customer_id: 'cus_1' }, 1)
  const before = await approval(body.id)
  // One of the two that are needed; then the policies change, and the other one comes.
  expect((await desk.approve(before, 'fred')).status).toBe(200)
  const change = await propose('ann', 70_000)
  expect((await agree('omar', change.id)).state).toBe('agreed')
  expect(await desk.approve(before, 'omar')).toMatchObject({ status: 409, body: { code: 'EXQ-4004' } })
  const after = await approval(body.id, before.approval?.id)
  expect(after.approval).toMatchObject({ votes: [] })
  expect((await desk.approve(after, 'ann')).status).toBe(200)
  const intents = () => desk.rows(`select from intents where action_id = $1 and phase = 'execute'`, [body.id])
  expect(await intents()).toEqual([])
  await desk.approve(after, 'fred', 'reject')
  expect((await officer.ended(body.id)).outcome).toBe('rejected')
  expect(await intents()).toEqual([])
})

test('policies that were loosened and restored are seen in the log, with how long', async () => {
  const change = await propose('ann', 50_000)
  expect((await agree('fred', change.id)).state).toBe('agreed')
  const { body } = await desk.person('olga').get<{ items: PolicySetView[] }>('/v1/policy/sets')
  const [now, loose] = body.items
  expect(now?.digest).toBe(body.items.at(-1)?.digest)
  expect(loose).toMatchObject({ author: 'person:ann', agreed_by: ['person:ann', 'person:omar'], until: now?.from })
})
