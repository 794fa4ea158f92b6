import { randomBytes } from 'node:crypto'
import type { Call } from '../call.js'
import type { Outcome } from '../reply.js'
import type { Route } from '../route-table.js'
import { badParameter, missing, notAllowed } from './errors.js'
import type { BillingEffect, InvoiceRecord, RefundRecord } from './facts.js'
import { refundObject } from './objects.js'
import { page } from './paging.js'
import { allowOnly, oneOf, positiveInteger, readMetadata } from './parameters.js'
import type { BillingState } from './state.js'

const reasons = ['duplicate', 'fraudulent', 'requested_by_customer'] as const

/** Refunds: make, look at, list, cancel. */
export function refundRoutes(state: BillingState): Route<BillingEffect>[] {
  return [
    { name: 'POST /v1/refunds', handle: (call) => createRefund(call, state) },
    { name: 'GET /v1/refunds', handle: (call) => listRefunds(call, state) },
    {
      name: 'GET /v1/refunds/:id',
      handle: (call) => ({ reply: { status: 200, body: refundObject(known(call, state)) } }),
    },
    { name: 'POST /v1/refunds/:id/cancel', handle: (call) => cancelRefund(call, state) },
  ]
}

function createRefund(call: Call, state: BillingState): Outcome<BillingEffect> {
  allowOnly(call, ['charge', 'payment_intent', 'amount', 'reason', 'metadata', 'expand'])
  const charge = call.fields.get('charge')
  const paymentIntent = call.fields.get('payment_intent')
  if (charge === undefined && paymentIntent === undefined) {
    throw badParameter('charge', 'Send either charge or payment_intent.', 'parameter_missing')
  }
  const wanted = positiveInteger(call, 'amount')
  const reason = oneOf(call, 'reason', reasons) ?? null
  const metadata = readMetadata(call)

  const invoice = state.paidWith({ charge, payment_intent: paymentIntent })
  if (!invoice) {
    throw charge === undefined
      ? missing('payment_intent', paymentIntent ?? '', 'payment_intent')
      : missing('charge', charge, 'charge')
  }
  const facts = {
    id: `re_${randomBytes(12).toString('hex')}`,
    invoice: invoice.id,
    charge: invoice.charge,
    payment_intent: invoice.payment_intent,
    customer: invoice.customer,
    amount: refundable(invoice, wanted, state),
    currency: invoice.currency,
    reason,
    created: Math.floor(call.at.getTime() / 1000),
    metadata,
  }
  return {
    reply: { status: 200, body: refundObject({ ...facts, status: 'succeeded' }) },
    effect: { effect: 'refund.created', ...facts },
  }
}

/** The amount to give back: what was asked for, or all that is left. */
function refundable(invoice: InvoiceRecord, wanted: number | undefined, state: BillingState): number {
  const left = invoice.amount_paid - state.amountRefunded(invoice.charge)
  if (left === 0) {
    throw notAllowed(`Charge ${invoice.charge} has already been refunded.`, { code: 'charge_already_refunded' })
  }
  if (wanted !== undefined && wanted > left) {
    // Stripe names the parameter here and gives no code.
    throw notAllowed(`Refund amount (${wanted}) is greater than unrefunded amount on charge (${left})`, {
      param: 'amount',
    })
  }
  return wanted ?? left
}

/** Stripe cancels only refunds that wait for the customer; here any refund can be taken back, once. */
function cancelRefund(call: Call, state: BillingState): Outcome<BillingEffect> {
  allowOnly(call, ['expand'])
  const refund = known(call, state)
  if (refund.status === 'canceled') throw notAllowed(`Refund ${refund.id} has already been canceled.`)
  const { status: _status, reason: _reason, created: _created, ...facts } = refund
  return {
    reply: { status: 200, body: refundObject({ ...refund, status: 'canceled' }) },
    effect: { effect: 'refund.canceled', ...facts },
  }
}

/** By charge, by payment intent, by when they were made, and (ours, Stripe has no such filter) by metadata. */
function listRefunds(call: Call, state: BillingState): Outcome<BillingEffect> {
  allowOnly(call, [
    'charge',
    'payment_intent',
    'metadata',
    'created',
    'limit',
    'starting_after',
    'ending_before',
    'expand',
  ])
  const charge = call.fields.get('charge')
  const paymentIntent = call.fields.get('payment_intent')
  const metadata = Object.entries(readMetadata(call))
  const from = positiveInteger(call, 'created[gte]') ?? 0
  const to = positiveInteger(call, 'created[lte]') ?? Number.POSITIVE_INFINITY
  const found = [...state.refunds.values()].filter(
    (refund) =>
      (charge === undefined || refund.charge === charge) &&
      (paymentIntent === undefined || refund.payment_intent === paymentIntent) &&
      refund.created >= from &&
      refund.created <= to &&
      metadata.every(([name, value]) => refund.metadata[name] === value),
  )
  return { reply: page(call, found, refundObject) }
}

function known(call: Call, state: BillingState): RefundRecord {
  const id = call.names.id ?? ''
  const refund = state.refunds.get(id)
  if (!refund) throw missing('refund', id)
  return refund
}
