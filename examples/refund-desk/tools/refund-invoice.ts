import { defineTool, type ListedEffect, notCommitted } from 'exequatur'
import type Stripe from 'stripe'
import { z } from 'zod'
import { billing, invoiceWithPayment, orNull, orRefused } from '../downstream/billing.js'

const reasons = {
  duplicate_charge: 'duplicate',
  service_issue: 'requested_by_customer',
  goodwill: 'requested_by_customer',
} as const

export const refundInvoice = defineTool({
  name: 'refund_invoice',
  version: 3,
  owner: 'person:ann',
  approvers: ['finance'],
  risk: 'medium',
  effect: 'reversible',
  title: 'Refund an invoice',
  description: 'Returns what was paid on one invoice, or a part of it, to the card it came from.',
  summary: 'Refund {/args/amount_cents|usd} on invoice {/args/invoice_id} to customer {/observed/customer_id}',
  shows: [
    { label: 'Paid', before: '/observed/amount_paid_cents', currency: 'usd' },
    { label: 'Still refundable', before: '/observed/refundable_cents', currency: 'usd' },
    { label: 'Invoice status', before: '/observed/status' },
  ],
  input: z.strictObject({
    invoice_id: z.string(),
    reason_code: z.enum(['duplicate_charge', 'service_issue', 'goodwill']),
    amount_cents: z.int().positive().optional(),
    customer_message: z.string().max(500).optional(),
  }),
  output: z.strictObject({ refund_id: z.string(), amount_cents: z.int(), status: z.string() }),
  binding: ['ticket_id'],
  observe: { tool: 'get_invoice', args: { invoice_id: '/args/invoice_id' } },
  fill: { amount_cents: '/observed/refundable_cents' },
  // Whoever agreed did so to an invoice on which that much was left to refund.
  preconditions: ['/observed/refundable_cents', '/observed/status'],
  resource: { type: 'Invoice', id: '/args/invoice_id' },
  spend: { amount_cents: '/args/amount_cents', currency: 'usd' },
  downstream: { name: 'billing', class: 'idempotent-by-key', keyLifetime: '24h', callTimeout: '10s' },
  credentials: { stripe: 'env:STRIPE_API_KEY' },

  execute: async (args, call) => {
    const stripe = billing(call)
    const { paymentIntent } = await orRefused(invoiceWithPayment(stripe, args.invoice_id))
    if (!paymentIntent) throw notCommitted(`${args.invoice_id} was not paid through Stripe`)
    const refund = await orRefused(
      stripe.refunds.create(
        {
          payment_intent: paymentIntent,
          ...(args.amount_cents !== undefined && { amount: args.amount_cents }),
          reason: reasons[args.reason_code],
          metadata: {
            exequatur_key: call.idempotencyKey,
            invoice_id: args.invoice_id,
            reason_code: args.reason_code,
            ...(args.customer_message && { customer_message: args.customer_message }),
          },
        },
        { idempotencyKey: call.idempotencyKey },
      ),
    )
    return outputOf(refund)
  },

  // What Stripe shows is compared with what was asked for; an answer that got lost is found again under its key.
  postcondition: { amount_cents: { equals: '/args/amount_cents' } },
  verify: async (args, output, call) => {
    const stripe = billing(call)
    const refund = output
      ? await orNull(stripe.refunds.retrieve(output.refund_id))
      : await refundUnder(call.idempotencyKey, stripe, args.invoice_id)
    if (!refund || refund.status === 'canceled' || refund.status === 'failed') return { found: null }
    return { found: { refund_id: refund.id, amount_cents: refund.amount }, output: outputOf(refund) }
  },

  listEffects: async ({ since, until }, call) => {
    const created = { gte: Math.floor(since.getTime() / 1_000), lte: Math.ceil(until.getTime() / 1_000) }
    const found: ListedEffect[] = []
    for await (const refund of billing(call).refunds.list({ created, limit: 100 })) {
      if (refund.status === 'canceled' || refund.status === 'failed') continue
      found.push({
        id: refund.id,
        idempotencyKey: refund.metadata?.exequatur_key ?? null,
        at: new Date(refund.created * 1_000).toISOString(),
        summary: `refund of ${refund.amount} ${refund.currency} on ${refund.metadata?.invoice_id ?? 'an invoice it does not name'}`,
      })
    }
    return found
  },

  // Stripe takes a refund back only while it has not been paid out; after that it refuses, and a person must look.
  compensate: async (_args, output, call) => {
    const stripe = billing(call)
    const refund = await stripe.refunds.retrieve(output.refund_id)
    if (refund.status === 'canceled') return
    await orRefused(stripe.refunds.cancel(refund.id, {}, { idempotencyKey: call.idempotencyKey }))
  },
})

function outputOf(refund: Stripe.Refund) {
  return { refund_id: refund.id, amount_cents: refund.amount, status: refund.status ?? '' }
}

async function refundUnder(key: string, stripe: Stripe, invoiceId: string): Promise<Stripe.Refund | null> {
  const { paymentIntent } = await invoiceWithPayment(stripe, invoiceId)
  if (!paymentIntent) return null
  for await (const refund of stripe.refunds.list({ payment_intent: paymentIntent, limit: 100 })) {
    if (refund.metadata?.exequatur_key === key) return refund
  }
  return null
}
