import type { LedgerLine } from '../effect-ledger.js'
import {
  type BillingEffect,
  type BillingSeed,
  type CustomerRecord,
  type InvoiceRecord,
  type RefundRecord,
  refundRecord,
  type SubscriptionRecord,
} from './facts.js'

/** Everything billing knows, as the ledger's lines tell it. */
export class BillingState {
  readonly invoices = new Map<string, InvoiceRecord>()
  readonly subscriptions = new Map<string, SubscriptionRecord>()
  readonly customers = new Map<string, CustomerRecord>()
  readonly refunds = new Map<string, RefundRecord>()

  apply(line: LedgerLine<BillingEffect, BillingSeed>): void {
    if (line.kind === 'seed') this.#plant(line)
    if (line.kind === 'effect') this.#change(line)
  }

  /** The invoice that was paid with this charge or payment intent. */
  paidWith(payment: { charge?: string | undefined; payment_intent?: string | undefined }): InvoiceRecord | undefined {
    return [...this.invoices.values()].find((invoice) =>
      payment.charge === undefined
        ? invoice.payment_intent === payment.payment_intent
        : invoice.charge === payment.charge,
    )
  }

  /** What has been given back on a charge, without the refunds that were canceled. */
  amountRefunded(charge: string): number {
    return [...this.refunds.values()]
      .filter((refund) => refund.charge === charge && refund.status !== 'canceled')
      .reduce((sum, refund) => sum + refund.amount, 0)
  }

  #plant(line: BillingSeed & { at: string }): void {
    const { at: _at, ...seed } = line
    if (seed.seed === 'invoice') this.invoices.set(seed.id, { ...seed })
    if (seed.seed === 'subscription') this.subscriptions.set(seed.id, { ...seed })
    if (seed.seed === 'customer') this.customers.set(seed.id, { ...seed })
  }

  #change(line: BillingEffect): void {
    switch (line.effect) {
      case 'refund.created':
        this.refunds.set(line.id, refundRecord(line))
        return
      case 'refund.canceled': {
        const refund = this.refunds.get(line.id)
        if (refund) refund.status = 'canceled'
        return
      }
      case 'customer.deleted':
        this.#deleteCustomer(line.id)
        return
      default: {
        const subscription = this.subscriptions.get(line.id)
        if (!subscription) return
        subscription.pause_collection = line.pause_collection
        subscription.metadata = line.metadata
      }
    }
  }

  /** A customer's subscriptions end with the customer. */
  #deleteCustomer(id: string): void {
    const customer = this.customers.get(id)
    if (customer) customer.deleted = true
    for (const subscription of this.subscriptions.values()) {
      if (subscription.customer === id) subscription.status = 'canceled'
    }
  }
}
