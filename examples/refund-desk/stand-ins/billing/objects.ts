import type { CustomerRecord, InvoiceRecord, RefundRecord, SubscriptionRecord } from './facts.js'
import type { BillingState } from './state.js'

/**
 * An invoice as Stripe shows it. `charge`, `payment_intent` and `subscription` at the top level are ours, for callers
 * without the SDK; Stripe's own way to the payment is `payments`, which must be asked for.
 */
export function invoiceObject(invoice: InvoiceRecord, withPayments: boolean): object {
  return {
    id: invoice.id,
    object: 'invoice',
    amount_due: invoice.amount_paid,
    amount_paid: invoice.amount_paid,
    amount_remaining: 0,
    created: invoice.created,
    currency: invoice.currency,
    customer: invoice.customer,
    livemode: false,
    metadata: invoice.metadata,
    parent: invoice.subscription
      ? {
          type: 'subscription_details',
          quote_details: null,
          subscription_details: { metadata: {}, subscription: invoice.subscription },
        }
      : null,
    status: invoice.status,
    total: invoice.amount_paid,
    charge: invoice.charge,
    payment_intent: invoice.payment_intent,
    subscription: invoice.subscription,
    ...(withPayments ? { payments: listObject(`/v1/invoices/${invoice.id}/payments`, [paymentObject(invoice)]) } : {}),
  }
}

function paymentObject(invoice: InvoiceRecord): object {
  return {
    id: `inpay_${invoice.id}`,
    object: 'invoice_payment',
    amount_paid: invoice.amount_paid,
    amount_requested: invoice.amount_paid,
    created: invoice.created,
    currency: invoice.currency,
    invoice: invoice.id,
    is_default: true,
    livemode: false,
    payment: { type: 'payment_intent', payment_intent: invoice.payment_intent },
    status: 'paid',
    status_transitions: { canceled_at: null, paid_at: invoice.created },
  }
}

/** The charge that paid an invoice; what can still be refunded is `amount - amount_refunded`. */
export function chargeObject(invoice: InvoiceRecord, state: BillingState): object {
  const refunded = state.amountRefunded(invoice.charge)
  return {
    id: invoice.charge,
    object: 'charge',
    amount: invoice.amount_paid,
    amount_captured: invoice.amount_paid,
    amount_refunded: refunded,
    captured: true,
    created: invoice.created,
    currency: invoice.currency,
    customer: invoice.customer,
    disputed: false,
    invoice: invoice.id,
    livemode: false,
    metadata: {},
    paid: true,
    payment_intent: invoice.payment_intent,
    refunded: refunded === invoice.amount_paid,
    status: 'succeeded',
  }
}

export function paymentIntentObject(invoice: InvoiceRecord, state: BillingState, withCharge: boolean): object {
  return {
    id: invoice.payment_intent,
    object: 'payment_intent',
    amount: invoice.amount_paid,
    amount_received: invoice.amount_paid,
    created: invoice.created,
    currency: invoice.currency,
    customer: invoice.customer,
    latest_charge: withCharge ? chargeObject(invoice, state) : invoice.charge,
    livemode: false,
    metadata: {},
    status: 'succeeded',
  }
}

export function refundObject(refund: RefundRecord): object {
  return {
    id: refund.id,
    object: 'refund',
    amount: refund.amount,
    charge: refund.charge,
    created: refund.created,
    currency: refund.currency,
    customer: refund.customer,
    metadata: refund.metadata,
    payment_intent: refund.payment_intent,
    reason: refund.reason,
    status: refund.status,
  }
}

export function subscriptionObject(subscription: SubscriptionRecord): object {
  return {
    id: subscription.id,
    object: 'subscription',
    cancel_at_period_end: false,
    collection_method: 'charge_automatically',
    created: subscription.created,
    customer: subscription.customer,
    livemode: false,
    metadata: subscription.metadata,
    pause_collection: subscription.pause_collection,
    status: subscription.status,
  }
}

export function customerObject(customer: CustomerRecord): object {
  if (customer.deleted) return { id: customer.id, object: 'customer', deleted: true }
  return {
    id: customer.id,
    object: 'customer',
    created: customer.created,
    email: customer.email,
    livemode: false,
    metadata: customer.metadata,
    name: customer.name,
  }
}

export function listObject(url: string, data: object[], hasMore = false): object {
  return { object: 'list', url, has_more: hasMore, data }
}
