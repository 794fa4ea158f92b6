import { defineTool, notCommitted } from 'exequatur'
import type Stripe from 'stripe'
import { z } from 'zod'
import { billing, orNull, orRefused } from '../downstream/billing.js'

// Whose pause it is stands on the subscription itself: one that somebody else made is neither claimed nor undone.
const mark = 'exequatur_pause'

export const pauseSubscription = defineTool({
  name: 'pause_subscription',
  version: 3,
  owner: 'person:ann',
  approvers: ['finance'],
  risk: 'medium',
  effect: 'reversible',
  title: 'Pause a subscription',
  description: 'Stops collecting payments for one subscription; its invoices wait as drafts until it is resumed.',
  summary: 'Stop collecting payments for subscription {/args/subscription_id}',
  input: z.strictObject({ subscription_id: z.string() }),
  output: z.strictObject({ subscription_id: z.string(), pause_id: z.string() }),
  binding: ['ticket_id'],
  resource: { type: 'Subscription', id: '/args/subscription_id' },
  downstream: { name: 'billing', class: 'idempotent-by-key', keyLifetime: '24h', callTimeout: '10s' },
  credentials: { stripe: 'env:STRIPE_API_KEY' },

  execute: async ({ subscription_id }, call) => {
    const stripe = billing(call)
    const pause_id = call.idempotencyKey
    const before = await orRefused(stripe.subscriptions.retrieve(subscription_id))
    if (before.pause_collection && !isPausedBy(pause_id, before)) {
      throw notCommitted(`${subscription_id} is paused already`)
    }
    await orRefused(
      stripe.subscriptions.update(
        subscription_id,
        { pause_collection: { behavior: 'keep_as_draft' }, metadata: { [mark]: pause_id } },
        { idempotencyKey: call.idempotencyKey },
      ),
    )
    return { subscription_id, pause_id }
  },

  verify: async ({ subscription_id }, output, call) => {
    const subscription = await orNull(billing(call).subscriptions.retrieve(subscription_id))
    const paused = subscription && isPausedBy(output?.pause_id ?? call.idempotencyKey, subscription)
    return paused ? 'committed' : 'not-committed'
  },

  compensate: async (_args, { subscription_id, pause_id }, call) => {
    const stripe = billing(call)
    const present = await stripe.subscriptions.retrieve(subscription_id)
    if (!isPausedBy(pause_id, present)) return
    await orRefused(
      stripe.subscriptions.update(
        subscription_id,
        { pause_collection: '', metadata: { [mark]: '' } },
        { idempotencyKey: call.idempotencyKey },
      ),
    )
  },
})

function isPausedBy(pauseId: string, subscription: Stripe.Subscription): boolean {
  return subscription.pause_collection !== null && subscription.metadata[mark] === pauseId
}
