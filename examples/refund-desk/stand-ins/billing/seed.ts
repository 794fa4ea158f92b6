import { readSeedLists, type SeedObject } from '../seed.js'
import type { BillingSeed } from './facts.js'
import type { BillingState } from './state.js'

/** Reads `{invoices, subscriptions, customers}`; objects whose id is already there are left as they are. */
export function readBillingSeed(body: unknown, state: BillingState): { added: BillingSeed[]; present: number } {
  const { invoices, subscriptions, customers } = readSeedLists(body, ['invoices', 'subscriptions', 'customers'])
  const objects: BillingSeed[] = [
    ...customers.map(customer),
    ...subscriptions.map(subscription),
    ...invoices.map(invoice),
  ]
  const there = { invoice: state.invoices, subscription: state.subscriptions, customer: state.customers }
  const added = objects.filter(
    (object, index) =>
      !there[object.seed].has(object.id) &&
      objects.findIndex((other) => other.seed === object.seed && other.id === object.id) === index,
  )
  return { added, present: objects.length - added.length }
}

const longAgo = Date.UTC(2026, 0, 1) / 1000

function invoice(seed: SeedObject): BillingSeed {
  const id = seed.text('id')
  const stem = id.replace(/^in_/, '')
  return {
    seed: 'invoice',
    id,
    customer: seed.text('customer'),
    subscription: seed.optionalText('subscription'),
    amount_paid: seed.count('amount_paid'),
    currency: seed.text('currency', 'usd'),
    status: seed.text('status', 'paid'),
    charge: seed.text('charge', `ch_${stem}`),
    payment_intent: seed.text('payment_intent', `pi_${stem}`),
    created: seed.count('created', longAgo),
    metadata: seed.textMap('metadata'),
  }
}

function subscription(seed: SeedObject): BillingSeed {
  return {
    seed: 'subscription',
    id: seed.text('id'),
    customer: seed.text('customer'),
    status: seed.text('status', 'active'),
    pause_collection: null,
    created: seed.count('created', longAgo),
    metadata: seed.textMap('metadata'),
  }
}

function customer(seed: SeedObject): BillingSeed {
  return {
    seed: 'customer',
    id: seed.text('id'),
    email: seed.optionalText('email'),
    name: seed.optionalText('name'),
    deleted: false,
    created: seed.count('created', longAgo),
    metadata: seed.textMap('metadata'),
  }
}
