import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Action, openTestDesk, refund, type TestDesk, until } from '../_util/desk.js'

describe('how an action request ends', () => {
  let desk: TestDesk
  beforeAll(async () => {
    desk = await openTestDesk('endings')
  })
  afterAll(() => desk?.close())

  test('a permitted read succeeds, and its decision and intent are in the ledger before the call', async () => {
    const { status, body } = await desk.agent.ask('get_invoice', { invoice_id: 'in_123' })
    expect(status).toBe(200)
    expect(body).toMatchObject({ outcome: 'succeeded', decision: { result: 'allow' }, problem: null })
    expect(body.steps[0]).toMatchObject({ status: 'done', effect: 'committed', output: { refundable_cents: 4_900 } })
    const [order] = await desk.rows(
      `select d.decided_at <= i.intended_at and i.intended_at <= a.attempted_at and a.attempted_at <= o.recorded_at as kept
       from intents i join attempts a using (tenant, action_id, step, phase, generation)
       join outcomes o using (tenant, action_id, step, phase, generation, attempt)
       join decisions d on d.action_id = i.action_id and d.stage = 'policy' where i.action_id = $1`,
      [body.id],
    )
    expect(order).toEqual({ kept: true })
  })

  test('a permitted refund is executed once, verified, and priced by what was observed where no amount is named', async () => {
    const { body } = await desk.agent.ask('refund_invoice', { invoice_id: 'in_123', reason_code: 'duplicate_charge' })
    expect(body.outcome).toBe('succeeded')
    expect(body.steps[0]?.output).toMatchObject({ amount_cents: 4_900 })
    expect(await desk.refunds('in_123')).toBe(1)
    expect(await desk.rows('select found from verifications where action_id = $1', [body.id])).toEqual([
      { found: 'committed' },
    ])
  })

  test('what no policy permits is denied with a reason, and nothing is called', async () => {
    const { body } = await desk.agent.ask('delete_customer', { customer_id: 'cus_1' })
    expect(body).toMatchObject({ outcome: 'denied', problem: { code: 'EXQ-3001' } })
    expect(body.explanation).toContain('No policy permits agent:support_refunds_v2 to delete_customer')
    expect(await desk.rows('select from intents where action_id = $1', [body.id])).toHaveLength(0)
  })

  test('what people approve is executed once, under the envelope they signed', async () => {
    const held = await hold(desk, 90_000)
    expect((await desk.approve(held, 'ann')).status).toBe(200)
    const ended = await desk.agent.ended(held.id)
    expect(ended.outcome).toBe('succeeded')
    expect(await desk.rows('select envelope_digest from consumptions where action_id = $1', [held.id])).toEqual([
      { envelope_digest: held.approval?.envelope_digest },
    ])
  })

  test('what people reject ends rejected, and nothing is called', async () => {
    const before = await desk.refunds('in_bulk')
    const held = await hold(desk, 80_000)
    await desk.approve(held, 'ann', 'reject')
    expect(await desk.agent.ended(held.id)).toMatchObject({ outcome: 'rejected', problem: { code: 'EXQ-4006' } })
    expect(await desk.refunds('in_bulk')).toBe(before)
  })

  test('what the requester cancels while it waits ends cancelled', async () => {
    const held = await hold(desk, 70_000)
    const { status } = await desk.agent.post(`/v1/actions/${held.id}/cancel`, { reason: 'the customer called back' })
    expect(status).toBe(200)
    expect(await desk.agent.ended(held.id)).toMatchObject({ outcome: 'cancelled', problem: { code: 'EXQ-5007' } })
  })

  test('what the downstream refuses fails, and says that nothing was changed', async () => {
    await desk.fault('billing', { match: 'POST /v1/refunds', mode: 'refuse', times: 1 })
    const { body } = await desk.agent.ask('refund_invoice', refund(1_000))
    expect(body).toMatchObject({ outcome: 'failed', problem: { code: 'EXQ-5004' } })
    expect(body.steps[0]).toMatchObject({ status: 'failed', effect: 'not-committed' })
  })

  test('an outcome that stays unknown is no ending: it is looked at again and again, and settled once it shows', async () => {
    await desk.fault('billing', {
      match: 'POST /v1/refunds',
      mode: 'error-after-applying',
      times: 1,
      where: { amount: '1111' },
    })
    await desk.fault('billing', { match: 'GET /v1/refunds', mode: 'unavailable', times: 200 })
    const { body } = await desk.agent.ask('refund_invoice', refund(1_111), 0)
    const looks = () => desk.rows<{ found: string }>('select found from looks where action_id = $1', [body.id])
    await until('it was looked at twice', async () => (await looks()).length >= 2)
    const open = (await desk.agent.get(`/v1/actions/${body.id}`)).body
    expect(open).toMatchObject({ outcome: null, stage: 'verification', steps: [{ effect: 'unknown' }] })
    expect(new Set((await looks()).map(({ found }) => found))).toEqual(new Set(['unknown']))
    await fetch(`${desk.billing.url}/_faults`, { method: 'DELETE' })
    const ended = await desk.agent.ended(body.id, 90)
    expect(ended).toMatchObject({ outcome: 'succeeded', steps: [{ effect: 'committed' }] })
  })

  test('the histories of all endings are sealed into one chain', async () => {
    await until('every ended action is sealed', async () => {
      const [open] = await desk.rows<{ left: number }>(
        `select count(*)::int as left from actions a where outcome is not null
         and not exists (select from trails t where t.action_id = a.id)`,
      )
      return open?.left === 0
    })
    const [broken] = await desk.rows<{ broken: number }>(
      `select count(*)::int as broken from trails t left join trails p on p.tenant = t.tenant and p.seq = t.seq - 1
       where t.previous <> coalesce(p.digest, 'sha256:0')`,
    )
    expect(broken?.broken).toBe(0)
  })
})

async function hold(desk: TestDesk, amount: number): Promise<Action> {
  const { body, status } = await desk.agent.ask('refund_invoice', refund(amount), 1)
  expect(status).toBe(202)
  await until(
    'approval is asked for',
    async () => (await desk.agent.get(`/v1/actions/${body.id}`)).body.approval !== null,
  )
  return (await desk.agent.get(`/v1/actions/${body.id}`)).body
}
