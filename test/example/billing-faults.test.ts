import type Stripe from 'stripe'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Desk, failureOf, openDesk, stripeAt } from './desk.js'

let desk: Desk
let stripe: Stripe
/** Waits for an answer only so long that it gives up where a fault holds one back. */
let hasty: Stripe
let invoice = 0

beforeAll(async () => {
  desk = await openDesk('billing')
  stripe = stripeAt(desk.url)
  hasty = stripeAt(desk.url, { timeout: 5_000 })
})

afterEach(() => desk.clearFaults())

afterAll(() => desk.close())

/** A fresh invoice, and the one refund of it that each test asks for. */
async function freshRefund() {
  invoice += 1
  const name = `f${invoice}`
  await desk.seed({ invoices: [{ id: `in_${name}`, customer: 'cus_kim', amount_paid: 5000 }] })
  return {
    ask: (client = stripe) =>
      client.refunds.create(
        { charge: `ch_${name}`, amount: 100, metadata: { invoice_id: `in_${name}` } },
        { idempotencyKey: `key-${name}` },
      ),
    effects: () => desk.effects({ invoice: `in_${name}` }),
    invoice: `in_${name}`,
  }
}

const refunds = 'POST /v1/refunds'

describe('billing fails as planned', () => {
  test('refuse: a definite no, no effect, and the same no for the same key', async () => {
    const { ask, effects } = await freshRefund()
    await desk.plan({ match: refunds, mode: 'refuse', times: 1 })
    const no = { type: 'StripeCardError', statusCode: 402, code: 'card_declined' }
    expect(await failureOf(ask())).toMatchObject(no)
    expect(await failureOf(ask())).toMatchObject(no)
    expect(await effects()).toHaveLength(0)
  })

  test('unavailable: no effect, and the key still works afterwards', async () => {
    const { ask, effects } = await freshRefund()
    await desk.plan({ match: refunds, mode: 'unavailable', times: 1 })
    expect(await failureOf(ask())).toMatchObject({ type: 'StripeAPIError', statusCode: 503 })
    expect(await effects()).toHaveLength(0)
    await ask()
    expect(await effects()).toHaveLength(1)
  })

  test('hang before applying: the caller gives up, no effect', async () => {
    const { ask, effects } = await freshRefund()
    await desk.plan({ match: refunds, mode: 'hang-before-applying', times: 1 })
    expect(await failureOf(ask(hasty))).toMatchObject({ type: 'StripeConnectionError' })
    expect(await effects()).toHaveLength(0)
  })

  test('hang after applying: the caller gives up, one effect, and the same key gets its answer', async () => {
    const { ask, effects } = await freshRefund()
    await desk.plan({ match: refunds, mode: 'hang-after-applying', times: 1 })
    expect(await failureOf(ask(hasty))).toMatchObject({ type: 'StripeConnectionError' })
    const [effect] = await effects()
    expect((await ask()).id).toBe(effect?.id)
    expect(await effects()).toHaveLength(1)
  })

  test('reset after applying: one effect, though the SDK silently asks a second time', async () => {
    const { ask, effects } = await freshRefund()
    const before = await desk.calls(refunds)
    await desk.plan({ match: refunds, mode: 'reset-after-applying', times: 1 })
    const refund = await ask()
    expect(refund.lastResponse.headers['idempotent-replayed']).toBe('true')
    expect((await desk.calls(refunds)) - before).toBe(2)
    expect(await effects()).toHaveLength(1)
  })

  test('reset after applying, each time: the caller never learns of the one effect', async () => {
    const { ask, effects } = await freshRefund()
    await desk.plan({ match: refunds, mode: 'reset-after-applying' })
    expect(await failureOf(ask())).toMatchObject({ type: 'StripeConnectionError' })
    expect(await effects()).toHaveLength(1)
  })

  test('error after applying: one effect, and the same key gets the same 500 for ever', async () => {
    const { ask, effects } = await freshRefund()
    await desk.plan({ match: refunds, mode: 'error-after-applying', times: 1 })
    expect(await failureOf(ask())).toMatchObject({ type: 'StripeAPIError', statusCode: 500 })
    expect(await failureOf(ask())).toMatchObject({ type: 'StripeAPIError', statusCode: 500 })
    expect(await effects()).toHaveLength(1)
  })

  test('apply late: nothing when the caller gives up, one effect some time later', async () => {
    const { ask, effects } = await freshRefund()
    await desk.plan({ match: refunds, mode: 'apply-late', delay_ms: 15_000, times: 1 })
    expect(await failureOf(ask(hasty))).toMatchObject({ type: 'StripeConnectionError' })
    expect(await effects()).toHaveLength(0)
    await expect.poll(effects).toHaveLength(1)
  })

  test('a fault hits only the calls it names, and only as often as planned', async () => {
    const hit = await freshRefund()
    const spared = await freshRefund()
    const where = { 'metadata[invoice_id]': hit.invoice }
    await desk.plan({ match: refunds, mode: 'unavailable', times: 2, where })
    await spared.ask()
    expect(await failureOf(hit.ask())).toMatchObject({ statusCode: 503 })
    expect(await failureOf(hit.ask())).toMatchObject({ statusCode: 503 })
    await hit.ask()
    expect([await spared.effects(), await hit.effects()]).toMatchObject([[{}], [{}]])
  })

  test('a fault on one refund may name its path', async () => {
    const { ask } = await freshRefund()
    const { id } = await ask()
    await desk.plan({ match: 'POST /v1/refunds/:id/cancel', mode: 'unavailable', times: 1 })
    await desk.plan({ match: `GET /v1/refunds/${id}`, mode: 'unavailable', times: 1 })
    expect(await failureOf(stripe.refunds.retrieve(id))).toMatchObject({ statusCode: 503 })
    expect(await failureOf(stripe.refunds.cancel(id))).toMatchObject({ statusCode: 503 })
    expect((await stripe.refunds.cancel(id)).status).toBe('canceled')
  })

  test('a fault that makes no sense is not planned', async () => {
    await expect(desk.plan({ match: refunds, mode: 'explode' })).rejects.toThrow('mode must be one of')
    await expect(desk.plan({ match: 'refunds', mode: 'refuse' })).rejects.toThrow('match must read like')
    await expect(desk.plan({ match: refunds, mode: 'refuse', times: 0 })).rejects.toThrow('times')
  })
})
