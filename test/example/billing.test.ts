import type Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Desk, effectLines, failureOf, openDesk, stripeAt } from './desk.js'

let desk: Desk
let stripe: Stripe

beforeAll(async () => {
  desk = await openDesk('billing')
  stripe = stripeAt(desk.url)
  await desk.seed({
    customers: [{ id: 'cus_kim', email: 'kim@example.com' }, { id: 'cus_lee' }],
    subscriptions: [
      { id: 'sub_kim', customer: 'cus_kim' },
      { id: 'sub_lee', customer: 'cus_lee' },
    ],
    invoices: ['whole', 'parts', 'much', 'undone', 'many', 'found'].map((name) => ({
      id: `in_${name}`,
      customer: 'cus_kim',
      subscription: 'sub_kim',
      amount_paid: 5000,
    })),
  })
})

afterAll(() => desk.close())

/** The way a tool finds out what can still be given back. */
async function refundableCents(invoiceId: string): Promise<number> {
  const invoice = await stripe.invoices.retrieve(invoiceId, { expand: ['payments'] })
  const payment = invoice.payments?.data[0]?.payment.payment_intent as string
  const [charge] = (await stripe.charges.list({ payment_intent: payment, limit: 1 })).data
  return charge ? charge.amount - charge.amount_refunded : 0
}

describe('billing answers the real SDK', () => {
  test('an invoice leads to its payment, and the charge says what can still be refunded', async () => {
    const invoice = await stripe.invoices.retrieve('in_whole')
    expect(invoice).toMatchObject({ object: 'invoice', amount_paid: 5000, currency: 'usd', status: 'paid' })
    expect(invoice.payments).toBeUndefined()
    expect(await refundableCents('in_whole')).toBe(5000)

    const intent = await stripe.paymentIntents.retrieve('pi_whole', { expand: ['latest_charge'] })
    expect(intent.latest_charge).toMatchObject({ id: 'ch_whole', amount: 5000, amount_refunded: 0 })
  })

  test('a refund without an amount gives back all that is left, and a second one is refused', async () => {
    const refund = await stripe.refunds.create({ charge: 'ch_whole', reason: 'duplicate' })
    expect(refund).toMatchObject({ object: 'refund', amount: 5000, status: 'succeeded', reason: 'duplicate' })
    expect((await stripe.charges.retrieve('ch_whole')).refunded).toBe(true)
    expect(await failureOf(stripe.refunds.create({ charge: 'ch_whole' }))).toMatchObject({
      type: 'StripeInvalidRequestError',
      statusCode: 400,
      code: 'charge_already_refunded',
    })
    expect(await desk.effects({ effect: 'refund.created', invoice: 'in_whole' })).toHaveLength(1)
  })

  test('a refund of more than is left is refused and changes nothing', async () => {
    await stripe.refunds.create({ charge: 'ch_much', amount: 4000 })
    expect(await failureOf(stripe.refunds.create({ charge: 'ch_much', amount: 1001 }))).toMatchObject({
      statusCode: 400,
      rawType: 'invalid_request_error',
      param: 'amount',
    })
    expect(await refundableCents('in_much')).toBe(1000)
    expect(await desk.effects({ invoice: 'in_much' })).toHaveLength(1)
  })

  test('one effect is one line in the file, with the facts that tell whose money moved and why', async () => {
    const refund = await stripe.refunds.create(
      { payment_intent: 'pi_parts', amount: 1200, metadata: { invoice_id: 'in_parts', action_id: 'act_1' } },
      { idempotencyKey: 'key-parts' },
    )
    const lines = effectLines(desk.ledger).filter((line) => line.invoice === 'in_parts')
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatchObject({
      effect: 'refund.created',
      id: refund.id,
      amount: 1200,
      currency: 'usd',
      customer: 'cus_kim',
      idempotency_key: 'key-parts',
      metadata: { invoice_id: 'in_parts', action_id: 'act_1' },
    })
    expect(await desk.effects({ 'metadata[action_id]': 'act_1' })).toMatchObject([{ id: refund.id }])
  })

  test('a refund is found again by what hangs on it', async () => {
    const made = await stripe.refunds.create({ charge: 'ch_found', amount: 10, metadata: { exequatur_key: 'abc' } })
    await stripe.refunds.create({ charge: 'ch_found', amount: 20, metadata: { exequatur_key: 'def' } })
    const found = []
    for await (const refund of stripe.refunds.list({ payment_intent: 'pi_found' })) {
      if (refund.metadata?.exequatur_key === 'abc') found.push(refund.id)
    }
    expect(found).toEqual([made.id])
    expect((await stripe.refunds.retrieve(made.id)).metadata).toEqual({ exequatur_key: 'abc' })
    const filtered = { metadata: { exequatur_key: 'def' } } as Stripe.RefundListParams
    expect((await stripe.refunds.list(filtered)).data).toMatchObject([{ amount: 20 }])
  })

  test('lists come in pages, newest first', async () => {
    for (let amount = 1; amount <= 5; amount += 1) await stripe.refunds.create({ charge: 'ch_many', amount })
    const first = await stripe.refunds.list({ charge: 'ch_many', limit: 2 })
    expect([first.has_more, first.data.map((refund) => refund.amount)]).toEqual([true, [5, 4]])
    const amounts = []
    for await (const refund of stripe.refunds.list({ charge: 'ch_many', limit: 2 })) amounts.push(refund.amount)
    expect(amounts).toEqual([5, 4, 3, 2, 1])
  })

  test('a canceled refund can be given again, and cannot be canceled twice', async () => {
    const refund = await stripe.refunds.create({ charge: 'ch_undone', amount: 5000 })
    expect(await refundableCents('in_undone')).toBe(0)
    expect((await stripe.refunds.cancel(refund.id)).status).toBe('canceled')
    expect(await refundableCents('in_undone')).toBe(5000)
    expect((await failureOf(stripe.refunds.cancel(refund.id))).statusCode).toBe(400)
    const effects = await desk.effects({ invoice: 'in_undone' })
    expect(effects.map((effect) => effect.effect)).toEqual(['refund.created', 'refund.canceled'])
  })

  test('a subscription is paused and resumed; asking for what already is changes nothing', async () => {
    const paused = await stripe.subscriptions.update('sub_kim', { pause_collection: { behavior: 'void' } })
    expect(paused.pause_collection).toEqual({ behavior: 'void', resumes_at: null })
    await stripe.subscriptions.update('sub_kim', { pause_collection: { behavior: 'void' } })
    await stripe.subscriptions.update('sub_kim', { pause_collection: '' })
    expect((await stripe.subscriptions.retrieve('sub_kim')).pause_collection).toBeNull()
    const effects = await desk.effects({ id: 'sub_kim' })
    expect(effects.map((effect) => effect.effect)).toEqual(['subscription.paused', 'subscription.resumed'])
    expect(await desk.calls('POST /v1/subscriptions/:id')).toBe(3)
  })

  test('a deleted customer says so, takes the subscriptions along and cannot be deleted again', async () => {
    expect(await stripe.customers.del('cus_lee')).toMatchObject({ id: 'cus_lee', deleted: true })
    expect(await stripe.customers.retrieve('cus_lee')).toMatchObject({ deleted: true })
    expect((await stripe.subscriptions.retrieve('sub_lee')).status).toBe('canceled')
    expect(await failureOf(stripe.customers.del('cus_lee'))).toMatchObject({ code: 'resource_missing' })
    expect(await desk.effects({ effect: 'customer.deleted' })).toHaveLength(1)
  })

  test('what does not exist is missing, and what makes no sense is refused', async () => {
    const missing = { type: 'StripeInvalidRequestError', statusCode: 404, code: 'resource_missing' }
    expect(await failureOf(stripe.invoices.retrieve('in_no'))).toMatchObject(missing)
    expect(await failureOf(stripe.refunds.retrieve('re_no'))).toMatchObject(missing)
    expect(await failureOf(stripe.refunds.create({ charge: 'ch_no' }))).toMatchObject({ ...missing, param: 'charge' })
    expect(await failureOf(stripe.refunds.create({}))).toMatchObject({ statusCode: 400, code: 'parameter_missing' })
    const unknown = { charge: 'ch_parts', amonut: 5 } as Stripe.RefundCreateParams
    expect(await failureOf(stripe.refunds.create(unknown))).toMatchObject({
      code: 'parameter_unknown',
      param: 'amonut',
    })
  })

  test('a caller without the right key is turned away', async () => {
    const stranger = stripeAt(desk.url, { key: 'sk_test_of_someone_else' })
    expect(await failureOf(stranger.invoices.list())).toMatchObject({
      type: 'StripeAuthenticationError',
      statusCode: 401,
    })
  })

  test('seeding again leaves objects as they are', async () => {
    const again = await desk.seed({ invoices: [{ id: 'in_much', customer: 'cus_kim', amount_paid: 9999 }] })
    expect(again).toEqual({ added: 0, present: 1 })
    expect(await refundableCents('in_much')).toBe(1000)
  })
})
