/** Name and value pairs a caller hangs on an object. */
export type Metadata = Record<string, string>

/** An invoice together with the one payment that settled it. Amounts are in the smallest unit of the currency. */
export interface InvoiceRecord {
  id: string
  customer: string
  subscription: string | null
  amount_paid: number
  currency: string
  status: string
  charge: string
  payment_intent: string
  created: number
  metadata: Metadata
}

export interface SubscriptionRecord {
  id: string
  customer: string
  status: string
  pause_collection: PauseCollection | null
  created: number
  metadata: Metadata
}

export interface PauseCollection {
  behavior: string
  resumes_at: number | null
}

export interface CustomerRecord {
  id: string
  email: string | null
  name: string | null
  deleted: boolean
  created: number
  metadata: Metadata
}

export interface RefundRecord {
  id: string
  invoice: string
  charge: string
  payment_intent: string
  customer: string
  amount: number
  currency: string
  reason: string | null
  status: 'succeeded' | 'canceled'
  created: number
  metadata: Metadata
}

/** What billing can change in the world; one ledger line each. */
export type BillingEffect =
  | ({ effect: 'refund.created' } & Omit<RefundRecord, 'status'>)
  | ({ effect: 'refund.canceled' } & Omit<RefundRecord, 'status' | 'reason' | 'created'>)
  | {
      effect: 'subscription.paused' | 'subscription.resumed' | 'subscription.updated'
      id: string
      customer: string
      pause_collection: PauseCollection | null
      metadata: Metadata
    }
  | { effect: 'customer.deleted'; id: string; customer: string; metadata: Metadata }

/** What was there from the start. */
export type BillingSeed =
  | ({ seed: 'invoice' } & InvoiceRecord)
  | ({ seed: 'subscription' } & SubscriptionRecord)
  | ({ seed: 'customer' } & CustomerRecord)

/** The refund that an effect made, without what else stands on the effect's line. */
export function refundRecord(made: Omit<RefundRecord, 'status'>): RefundRecord {
  const { id, invoice, charge, payment_intent, customer, amount, currency, reason, created, metadata } = made
  return {
    id,
    invoice,
    charge,
    payment_intent,
    customer,
    amount,
    currency,
    reason,
    status: 'succeeded',
    created,
    metadata,
  }
}
