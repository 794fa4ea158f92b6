import { defineTool } from 'exequatur'
import { z } from 'zod'
import { billing, idOf, invoiceWithPayment, orRefused } from '../downstream/billing.js'

export const getInvoice = defineTool({
  name: 'get_invoice',
  version: 3,
  owner: 'person:ann',
  risk: 'low',
  effect: 'none',
  title: 'Look at an invoice',
  description: 'Reads one invoice: who paid how much for what, and how much of it can still be refunded.',
  input: z.strictObject({ invoice_id: z.string() }),
  output: z.strictObject({
    invoice_id: z.string(),
    customer_id: z.string(),
    amount_paid_cents: z.int(),
    refundable_cents: z.int(),
    currency: z.string(),
    status: z.string(),
    subscription_id: z.string().nullable(),
  }),
  // Who paid how much is not for strangers.
  reads: ['sensitive'],
  resource: { type: 'Invoice', id: '/args/invoice_id' },
  downstream: { name: 'billing', class: 'read', callTimeout: '10s' },
  credentials: { stripe: 'env:STRIPE_API_KEY' },

  execute: async ({ invoice_id }, call) => {
    const stripe = billing(call)
    const { invoice, paymentIntent } = await orRefused(invoiceWithPayment(stripe, invoice_id))
    const [charge] = paymentIntent
      ? (await orRefused(stripe.charges.list({ payment_intent: paymentIntent, limit: 1 }))).data
      : []
    return {
      invoice_id: invoice.id,
      customer_id: idOf(invoice.customer) ?? '',
      amount_paid_cents: invoice.amount_paid,
      refundable_cents: charge ? charge.amount - charge.amount_refunded : 0,
      currency: invoice.currency,
      status: invoice.status ?? '',
      subscription_id: idOf(invoice.parent?.subscription_details?.subscription),
    }
  },
})
