import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { effectsIn } from '../../examples/refund-desk/demo/effects.js'
import { type Action, openTestDesk, refund, type TestDesk, until } from '../_util/desk.js'

describe('plans of several steps', () => {
  let desk: TestDesk
  beforeAll(async () => {
    desk = await openTestDesk('plans')
  })
  afterAll(() => desk?.close())

  const submit = (steps: unknown[], wait = 30, context: Record<string, unknown> = {}) =>
    desk.agent.post<Action>(
      '/v1/actions',
      { plan: { steps }, context: { request_id: randomUUID(), ticket_id: 'zd_1', ...context } },
      wait,
    )

  test('a later step is given what an earlier one returned', async () => {
    const { body } = await submit([
      { id: 'refund', tool: 'refund_invoice', args: refund(1_000) },
      {
        id: 'ticket',
        tool: 'create_jira_ticket',
        args: { project_key: 'DESK', summary: 'Refunded', refund_id: { $from: 'refund.refund_id' } },
      },
    ])
    expect(body.outcome).toBe('succeeded')
    const [intent] = await desk.rows<{ args: { refund_id: string } }>(
      "select args from intents where action_id = $1 and step = 'ticket' and phase = 'execute'",
      [body.id],
    )
    expect(intent?.args.refund_id).toBe(body.steps[0]?.output?.refund_id)
  })

  test('when a step fails, the committed ones are undone in reverse order, each under an intent of the compensator', async () => {
    await desk.fault('billing', { match: 'POST /v1/refunds', mode: 'refuse', times: 1 })
    const { body } = await submit([
      { id: 'pause', tool: 'pause_subscription', args: { subscription_id: 'sub_1' } },
      { id: 'ticket', tool: 'create_jira_ticket', args: { project_key: 'DESK', summary: 'Paused' } },
      { id: 'refund', tool: 'refund_invoice', args: refund(1_000) },
    ])
    expect(body.outcome).toBe('compensated')
    expect(body.steps.map(({ status }) => status)).toEqual(['undone', 'undone', 'failed'])
    const undone = await desk.rows(
      "select step, principal, of_attempt from intents where action_id = $1 and phase = 'compensate' order by intended_at",
      [body.id],
    )
    expect(undone).toEqual([
      { step: 'ticket', principal: 'service:compensator', of_attempt: 1 },
      { step: 'pause', principal: 'service:compensator', of_attempt: 1 },
    ])
  })

  test('what cannot be undone is left to people, and is not called compensated', async () => {
    await desk.fault('billing', { match: 'POST /v1/refunds', mode: 'refuse', times: 1 })
    await desk.fault('tracker', { match: 'DELETE /rest/api/3/issue/:key', mode: 'refuse', times: 20 })
    const plan = [
      { id: 'ticket', tool: 'create_jira_ticket', args: { project_key: 'DESK', summary: 'Stays' } },
      { id: 'refund', tool: 'refund_invoice', args: refund(1_000) },
    ]
    const { id } = (await submit(plan, 0)).body
    const asked = () =>
      desk.rows<{ id: string; reason: string }>('select id, reason from attentions where action_id = $1', [id])
    await until('people are asked', async () => (await asked()).length > 0)
    await fetch(`${desk.tracker.url}/_faults`, { method: 'DELETE' })
    const [attention] = await asked()
    expect(attention?.reason).toBe('not-undone')
    expect((await desk.resolve(attention?.id ?? '', 'omar', 'leave')).status).toBe(200)
    const ended = await desk.agent.ended(id)
    expect(ended).toMatchObject({ outcome: 'needs-attention', problem: { code: 'EXQ-5006' } })
    expect(ended.steps[0]).toMatchObject({ status: 'done', effect: 'committed' })
  })

  test('a cancelled plan goes no further, and what it had committed is undone', async () => {
    await desk.fault('billing', { match: 'POST /v1/refunds', mode: 'hang-before-applying', times: 1 })
    const { body } = await submit(
      [
        { id: 'pause', tool: 'pause_subscription', args: { subscription_id: 'sub_1' } },
        { id: 'refund', tool: 'refund_invoice', args: refund(500) },
        { id: 'ticket', tool: 'create_jira_ticket', args: { project_key: 'DESK', summary: 'Never' } },
      ],
      0,
    )
    await until(
      'the refund is under way',
      async () =>
        (
          await desk.rows("select from attempts where action_id = $1 and step = 'refund' and phase = 'execute'", [
            body.id,
          ])
        ).length > 0,
    )
    await desk.agent.post(`/v1/actions/${body.id}/cancel`, { reason: 'changed my mind' })
    const ended = await desk.agent.ended(body.id, 90)
    expect(ended.outcome).toBe('compensated')
    expect(ended.steps[2]?.effect).toBeNull()
    expect(ended.steps[0]?.status).toBe('undone')
  })

  test('one approval covers the plan, and a plan needs per group the most that any step needs', async () => {
    const { body } = await submit(
      [
        { id: 'first', tool: 'refund_invoice', args: refund(60_000) },
        { id: 'second', tool: 'refund_invoice', args: refund(61_000, await desk.invoice()) },
      ],
      1,
    )
    await until(
      'approval is asked for',
      async () => (await desk.agent.get(`/v1/actions/${body.id}`)).body.approval !== null,
    )
    const held = (await desk.agent.get(`/v1/actions/${body.id}`)).body
    expect(held.approval).toMatchObject({ requirements: { finance: 1 } })
    await desk.approve(held, 'fred')
    const ended = await desk.agent.ended(body.id)
    expect(ended.outcome).toBe('succeeded')
    expect(await desk.rows('select step from consumptions where action_id = $1 order by step', [body.id])).toEqual([
      { step: 'first' },
      { step: 'second' },
    ])
  })

  test('a plan that breaks its own bounds is refused at the door', async () => {
    const answer = await desk.agent.post<{ code: string }>('/v1/actions', {
      plan: { steps: [{ tool: 'refund_invoice', args: refund(2_000) }], bounds: { spend_cents: 1_000 } },
      context: { request_id: randomUUID(), ticket_id: 'zd_1' },
    })
    expect(answer).toMatchObject({ status: 422, body: { code: 'EXQ-1106' } })
  })

  test('a plan that would spend more than its bound is denied once the amount is known', async () => {
    const answer = await desk.agent.post<Action>(
      '/v1/actions',
      {
        plan: {
          steps: [{ tool: 'refund_invoice', args: { invoice_id: 'in_123', reason_code: 'goodwill' } }],
          bounds: { spend_cents: 100 },
        },
        context: { request_id: randomUUID(), ticket_id: 'zd_1' },
      },
      20,
    )
    expect(answer.body).toMatchObject({ outcome: 'denied', problem: { code: 'EXQ-1106' } })
    expect(await desk.refunds('in_123')).toBe(0)
  })

  test('a flag is a row of a real database: set after approval, and set back when the plan fails', async () => {
    await desk.fault('billing', { match: 'POST /v1/refunds', mode: 'refuse', times: 1 })
    const { body } = await submit(
      [
        { id: 'flag', tool: 'set_feature_flag', args: { flag: 'refunds_fast_track', enabled: true } },
        { id: 'refund', tool: 'refund_invoice', args: refund(700) },
      ],
      1,
    )
    await until(
      'approval is asked for',
      async () => (await desk.agent.get(`/v1/actions/${body.id}`)).body.approval !== null,
    )
    await desk.approve((await desk.agent.get(`/v1/actions/${body.id}`)).body, 'omar')
    expect((await desk.agent.ended(body.id)).outcome).toBe('compensated')
    expect(await desk.rows('select enabled from flags.changes order by change_id')).toEqual([
      { enabled: true },
      { enabled: false },
    ])
  })

  test('the billing system counted what the ledger says', async () => {
    const counted = (await effectsIn(desk.billing.ledger)).filter(({ effect }) => effect === 'refund.created').length
    // By its answer or, where that got lost, by a look.
    const [said] = await desk.rows<{ n: number }>(
      `with committed as (
         select tenant, action_id, step, phase, generation from outcomes where effect = 'committed'
         union select tenant, action_id, step, phase, generation from verifications where found = 'committed')
       select count(*)::int as n from committed join intents i using (tenant, action_id, step, phase, generation)
       where i.tool = 'refund_invoice' and i.phase = 'execute'`,
    )
    expect(counted).toBe(said?.n)
  })
})
