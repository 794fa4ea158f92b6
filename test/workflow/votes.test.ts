import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect } from '../../examples/refund-desk/demo/desk-client.js'
import { type Action, openTestDesk, refund, type TestDesk, until } from '../_util/desk.js'

describe('votes, from the person to the effect', () => {
  let desk: TestDesk
  beforeAll(async () => {
    desk = await openTestDesk('votes')
  })
  afterAll(() => desk?.close())

  const look = async (id: string) => (await desk.agent.get<Action>(`/v1/actions/${id}`)).body
  const bot = () => connect(desk.dev, desk.dev.tokens.agents.privacy_officer_bot ?? '')

  async function held(action: Action, asked: (id: string) => Promise<Action>, not?: string): Promise<Action> {
    await until('approval is asked for', async () => {
      const { approval } = await asked(action.id)
      return approval !== null && approval.id !== not
    })
    return asked(action.id)
  }
  const lookAsBot = async (id: string) => (await bot().get<Action>(`/v1/actions/${id}`)).body
  const holdDeletion = async (customer_id: string) =>
    held((await bot().ask('delete_customer', { customer_id }, 1)).body, lookAsBot)
  const holdRefund = async (amount: number) =>
    held((await desk.agent.ask('refund_invoice', refund(amount), 1)).body, look)
  const intents = async (action: Action) =>
    (await desk.rows("select from intents where action_id = $1 and phase = 'execute'", [action.id])).length
  const scheduled =
    (action: Action, tool: string, times = 1) =>
    async () =>
      (await desk.cli.history(action.workflow.id)).events.filter(
        (event) => event.activityTaskScheduledEventAttributes?.activityType?.name === tool,
      ).length >= times

  test('what is critical waits for two people who sign, and is done once both have', async () => {
    const deletion = await holdDeletion('cus_1')
    for (const name of ['ann', 'omar']) expect((await desk.approve(deletion, name)).status).toBe(200)
    const { body } = await desk
      .person('ann')
      .get<{ method_needed: string; state: string }>(`/v1/approvals/${deletion.approval?.id}`)
    expect(body).toMatchObject({ method_needed: 'key', state: 'waiting' })
    await new Promise((done) => setTimeout(done, 2_000))
    expect(await intents(deletion)).toBe(0)
    for (const name of ['ann', 'omar']) expect((await desk.sign(deletion, name)).status).toBe(200)
    expect((await bot().ended(deletion.id)).outcome).toBe('succeeded')
    const late = await desk.sign(deletion, 'ann', 'withdraw')
    expect(late).toMatchObject({ status: 409, body: { code: 'EXQ-4010' } })
  })

  test('a key revoked, and a membership removed, between vote and intent: nothing is done, and people are asked anew', async () => {
    const deletion = await holdDeletion('cus_2')
    const repayment = await holdRefund(90_000)
    const before = await desk.refunds('in_bulk')
    await desk.stack.executor.kill('SIGKILL')
    for (const name of ['ann', 'omar']) expect((await desk.sign(deletion, name)).status).toBe(200)
    expect((await desk.approve(repayment, 'fred')).status).toBe(200)
    await until('the deletion is about to be executed', scheduled(deletion, 'delete_customer'))
    await until('the refund is about to be looked at again', scheduled(repayment, 'get_invoice', 2))
    const old = await desk.renewKey('omar')
    expect((await desk.person('omar').post(`/v1/keys/${old}/revoke`, {})).status).toBe(200)
    await desk.rows(
      `insert into groups (tenant, name, member, revision, state, recorded_by)
       select tenant, name, member, revision + 1, 'removed', 'test' from groups where name = 'finance' and member = 'person:fred'`,
    )
    await desk.stack.executor.restart()
    const [deletionAgain, repaymentAgain] = [
      await held(deletion, lookAsBot, deletion.approval?.id),
      await held(repayment, look, repayment.approval?.id),
    ]
    expect([await intents(deletion), await intents(repayment), await desk.refunds('in_bulk')]).toEqual([0, 0, before])
    for (const name of ['ann', 'omar']) expect((await desk.sign(deletionAgain, name)).status).toBe(200)
    expect((await desk.approve(repaymentAgain, 'fred')).status).toBe(403)
    expect((await desk.approve(repaymentAgain, 'ann')).status).toBe(200)
    expect((await bot().ended(deletion.id)).outcome).toBe('succeeded')
    expect((await desk.agent.ended(repayment.id)).outcome).toBe('succeeded')
    expect([await intents(deletion), await intents(repayment), await desk.refunds('in_bulk')]).toEqual([
      1,
      1,
      before + 1,
    ])
  }, 150_000)

  test('an approval withdrawn before the quorum is full does not count towards it', async () => {
    const deletion = await holdDeletion('cus_3')
    await desk.sign(deletion, 'ann')
    await desk.sign(deletion, 'ann', 'withdraw')
    await desk.sign(deletion, 'omar')
    await new Promise((done) => setTimeout(done, 2_500))
    expect([(await lookAsBot(deletion.id)).outcome, await intents(deletion)]).toEqual([null, 0])
    const rejected = await desk.sign(deletion, 'ann', 'reject')
    expect(rejected.status).toBe(200)
    expect((await bot().ended(deletion.id)).outcome).toBe('rejected')
    expect(await intents(deletion)).toBe(0)
  })
})
