import { describe, expect, test } from 'vitest'
import { getInvoice } from '../../../examples/refund-desk/tools/get-invoice.js'
import { stripeAt } from '../desk.js'
import { useBilling } from './billing-desk.js'
import { outputOf, trying } from './try-tool.js'

const { desk, fresh } = useBilling()
const tool = trying(getInvoice)

const freshInvoice = (more: object = {}) =>
  fresh((name) => ({ invoices: [{ id: `in_${name}`, customer: 'cus_kim', amount_paid: 5000, ...more }] }))

describe('get_invoice', () => {
  test('tells who paid how much for what, and what can be refunded', async () => {
    const name = await freshInvoice({ subscription: 'sub_kim' })
    expect(outputOf(await tool.execute({ invoice_id: `in_${name}` }))).toEqual({
      invoice_id: `in_${name}`,
      customer_id: 'cus_kim',
      amount_paid_cents: 5000,
      refundable_cents: 5000,
      currency: 'usd',
      status: 'paid',
      subscription_id: 'sub_kim',
    })
  })

  test('takes off what was refunded already, and knows of invoices without a subscription', async () => {
    const name = await freshInvoice()
    await stripeAt(desk().url).refunds.create({ charge: `ch_${name}`, amount: 1200 })
    expect(outputOf(await tool.execute({ invoice_id: `in_${name}` }))).toMatchObject({
      amount_paid_cents: 5000,
      refundable_cents: 3800,
      subscription_id: null,
    })
  })

  test('an invoice that is not there is a definite no', async () => {
    expect(await tool.execute({ invoice_id: 'in_none' })).toMatchObject({
      effect: 'not-committed',
      detail: expect.stringContaining('No such invoice'),
    })
  })

  test('a billing service that is out of order is not', async () => {
    const name = await freshInvoice()
    await desk().plan({ match: 'GET /v1/charges', mode: 'unavailable', times: 1 })
    expect(await tool.execute({ invoice_id: `in_${name}` })).toMatchObject({ effect: 'unknown' })
  })
})
