import { appendFileSync, readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { type Desk, effectLines, failureOf, openDesk, stripeAt } from './desk.js'

let desk: Desk

afterEach(() => desk.close())

async function openBilling(env: Record<string, string> = {}) {
  desk = await openDesk('billing', env)
  await desk.seed({
    customers: [{ id: 'cus_kim' }],
    subscriptions: [{ id: 'sub_kim', customer: 'cus_kim' }],
    invoices: [{ id: 'in_1', customer: 'cus_kim', amount_paid: 5000 }],
  })
  return stripeAt(desk.url)
}

describe('billing remembers answers under idempotency keys', () => {
  test('the same key with the same parameters gives the same answer and no second effect', async () => {
    const stripe = await openBilling()
    const ask = () => stripe.refunds.create({ charge: 'ch_1', amount: 100 }, { idempotencyKey: 'k1' })
    const first = await ask()
    const second = await ask()
    expect(second).toEqual(first)
    expect(first.lastResponse.headers['idempotent-replayed']).toBeUndefined()
    expect(second.lastResponse.headers['idempotent-replayed']).toBe('true')
    expect(second.lastResponse.headers['original-request']).toBe(first.lastResponse.requestId)
    expect(await desk.calls('POST /v1/refunds')).toBe(2)
    expect(await desk.effects()).toHaveLength(1)
  })

  test('the same key with other parameters, or for another endpoint, is an idempotency error', async () => {
    const stripe = await openBilling()
    const { id } = await stripe.refunds.create({ charge: 'ch_1', amount: 100 }, { idempotencyKey: 'k1' })
    const mismatch = { type: 'StripeIdempotencyError', rawType: 'idempotency_error', statusCode: 400 }
    const other = stripe.refunds.create({ charge: 'ch_1', amount: 101 }, { idempotencyKey: 'k1' })
    expect(await failureOf(other)).toMatchObject(mismatch)
    expect(await failureOf(stripe.refunds.cancel(id, {}, { idempotencyKey: 'k1' }))).toMatchObject(mismatch)
    expect(await desk.effects()).toHaveLength(1)
  })

  test('malformed parameters leave the key unused', async () => {
    const stripe = await openBilling()
    const malformed = stripe.refunds.create({ charge: 'ch_1', amount: -5 }, { idempotencyKey: 'k1' })
    expect(await failureOf(malformed)).toMatchObject({ code: 'parameter_invalid_integer' })
    expect((await stripe.refunds.create({ charge: 'ch_1', amount: 5 }, { idempotencyKey: 'k1' })).amount).toBe(5)
  })

  test('a refusal by the endpoint itself is remembered, even when it would now be allowed', async () => {
    const stripe = await openBilling()
    const { id } = await stripe.refunds.create({ charge: 'ch_1', amount: 5000 })
    const ask = () => failureOf(stripe.refunds.create({ charge: 'ch_1', amount: 10 }, { idempotencyKey: 'k1' }))
    const refused = await ask()
    expect(refused).toMatchObject({ statusCode: 400, code: 'charge_already_refunded' })
    await stripe.refunds.cancel(id)
    await desk.killAndRestart()
    const again = stripeAt(desk.url).refunds.create({ charge: 'ch_1', amount: 10 }, { idempotencyKey: 'k1' })
    expect(await failureOf(again)).toEqual(refused)
  })

  test('a key that is too old makes a new request, and so a second effect', async () => {
    const stripe = await openBilling({ BILLING_KEY_LIFETIME_MS: '10000' })
    const ask = () => stripe.refunds.create({ charge: 'ch_1', amount: 100 }, { idempotencyKey: 'k1' })
    const first = await ask()
    expect((await ask()).id).toBe(first.id)
    await pause(10_100)
    expect((await ask()).id).not.toBe(first.id)
    expect(await desk.effects({ idempotency_key: 'k1' })).toHaveLength(2)
  })

  test('a key means nothing on DELETE, but the ledger notes it', async () => {
    const stripe = await openBilling()
    await stripe.customers.del('cus_kim', {}, { idempotencyKey: 'k1' })
    const again = stripe.customers.del('cus_kim', {}, { idempotencyKey: 'k1' })
    expect(await failureOf(again)).toMatchObject({ statusCode: 404 })
    expect(await desk.effects()).toMatchObject([{ effect: 'customer.deleted', idempotency_key: 'k1' }])
  })
})

describe('billing survives being killed', () => {
  test('state, keys and the count of effects are the same after a kill', async () => {
    const before = await openBilling()
    const refund = await before.refunds.create({ charge: 'ch_1', amount: 700 }, { idempotencyKey: 'k1' })
    const undone = await before.refunds.create({ charge: 'ch_1', amount: 300 })
    await before.refunds.cancel(undone.id)
    await before.subscriptions.update('sub_kim', { pause_collection: { behavior: 'keep_as_draft' } })
    const effects = await desk.effects()

    await desk.killAndRestart()

    const after = stripeAt(desk.url)
    expect(await desk.effects()).toEqual(effects)
    expect(effectLines(desk.ledger)).toHaveLength(4)
    expect((await after.charges.retrieve('ch_1')).amount_refunded).toBe(700)
    expect((await after.refunds.retrieve(undone.id)).status).toBe('canceled')
    expect((await after.subscriptions.retrieve('sub_kim')).pause_collection?.behavior).toBe('keep_as_draft')
    const replayed = await after.refunds.create({ charge: 'ch_1', amount: 700 }, { idempotencyKey: 'k1' })
    expect(replayed).toEqual(refund)
    expect(effectLines(desk.ledger)).toHaveLength(4)
  })

  test('killed again and again under load, it keeps what it answered and makes nothing twice', async () => {
    await openBilling()
    const answered = new Map<string, string>()
    for (let round = 0; round < 3; round += 1) {
      const stripe = stripeAt(desk.url)
      const asked = Array.from({ length: 60 }, async (_, index) => {
        const refund = await stripe.refunds.create({ charge: 'ch_1', amount: 1 }, { idempotencyKey: `load-${index}` })
        answered.set(`load-${index}`, refund.id)
      })
      await Promise.race(asked)
      await desk.killAndRestart()
      await Promise.allSettled(asked)
    }
    const made = new Map(effectLines(desk.ledger).map((line) => [line.idempotency_key, line.id]))
    expect(effectLines(desk.ledger)).toHaveLength(made.size)
    for (const [key, id] of answered) expect(made.get(key)).toBe(id)
    expect((await stripeAt(desk.url).charges.retrieve('ch_1')).amount_refunded).toBe(made.size)
  })

  test('half a line at the end of the ledger never happened', async () => {
    const before = await openBilling()
    await before.refunds.create({ charge: 'ch_1', amount: 700 })
    const whole = readFileSync(desk.ledger, 'utf8')
    appendFileSync(desk.ledger, '{"at":"2026-01-01T00:00:00.000Z","seq":9,"kind":"effect","effect":"refund.cre')

    await desk.killAndRestart()

    expect(readFileSync(desk.ledger, 'utf8')).toBe(whole)
    const after = stripeAt(desk.url)
    expect((await after.charges.retrieve('ch_1')).amount_refunded).toBe(700)
    await after.refunds.create({ charge: 'ch_1', amount: 1 })
    expect(effectLines(desk.ledger)).toHaveLength(2)
  })
})
