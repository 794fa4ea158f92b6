import { defineTool, notCommitted } from 'exequatur'
import type Stripe from 'stripe'
import { z } from 'zod'
import { billing, orNull, orRefused } from '../downstream/billing.js'

export const deleteCustomer = defineTool({
  name: 'delete_customer',
  version: 3,
  owner: 'person:omar',
  approvers: ['finance', 'security'],
  risk: 'critical',
  effect: 'irreversible',
  title: 'Delete a customer',
  description: 'Deletes one customer for ever and ends all of their subscriptions at once.',
  summary: 'Delete customer {/args/customer_id} for ever, and end all their subscriptions',
  input: z.strictObject({ customer_id: z.string() }),
  output: z.strictObject({ customer_id: z.string(), deleted: z.literal(true) }),
  binding: ['ticket_id'],
  resource: { type: 'Customer', id: '/args/customer_id' },
  // Idempotency keys mean nothing on DELETE, but a deleted customer can still be looked up and says so.
  downstream: { name: 'billing', class: 'queryable', callTimeout: '10s' },
  credentials: { stripe: 'env:STRIPE_API_KEY' },

  execute: async ({ customer_id }, call) => {
    const stripe = billing(call)
    const deleted = await orRefused(orNull(stripe.customers.del(customer_id)))
    // Deleted before, perhaps by an earlier try of this very call: what was asked for is so.
    if (!deleted && !(await isDeleted(stripe, customer_id))) throw notCommitted(`there is no customer ${customer_id}`)
    return { customer_id, deleted: true as const }
  },

  verify: async ({ customer_id }, _output, call) =>
    (await isDeleted(billing(call), customer_id)) ? 'committed' : 'not-committed',
})

async function isDeleted(stripe: Stripe, customerId: string): Promise<boolean> {
  const customer = await orNull(stripe.customers.retrieve(customerId))
  return customer?.deleted === true
}
