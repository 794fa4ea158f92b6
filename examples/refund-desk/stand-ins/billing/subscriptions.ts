import type { Call } from '../call.js'
import type { Outcome } from '../reply.js'
import type { Route } from '../route-table.js'
import { badParameter, missing, notAllowed } from './errors.js'
import type { BillingEffect, PauseCollection, SubscriptionRecord } from './facts.js'
import { subscriptionObject } from './objects.js'
import { page } from './paging.js'
import { allowOnly, oneOf, positiveInteger, readMetadata } from './parameters.js'
import type { BillingState } from './state.js'

const behaviors = ['keep_as_draft', 'mark_uncollectible', 'void'] as const

/** Subscriptions: look at, list, pause and resume the collection of payments. */
export function subscriptionRoutes(state: BillingState): Route<BillingEffect>[] {
  return [
    {
      name: 'GET /v1/subscriptions',
      handle: (call) => {
        allowOnly(call, ['customer', 'status', 'limit', 'starting_after', 'ending_before', 'expand'])
        const customer = call.fields.get('customer')
        const status = call.fields.get('status')
        const found = [...state.subscriptions.values()].filter(
          (subscription) =>
            (customer === undefined || subscription.customer === customer) && hasStatus(subscription, status),
        )
        return { reply: page(call, found, subscriptionObject) }
      },
    },
    {
      name: 'GET /v1/subscriptions/:id',
      handle: (call) => ({ reply: { status: 200, body: subscriptionObject(known(call, state)) } }),
    },
    { name: 'POST /v1/subscriptions/:id', handle: (call) => updateSubscription(call, state) },
  ]
}

/** Without a status Stripe lists all that are not canceled; `all` lists those too. */
function hasStatus(subscription: SubscriptionRecord, status: string | undefined): boolean {
  if (status === 'all') return true
  return status === undefined ? subscription.status !== 'canceled' : subscription.status === status
}

function updateSubscription(call: Call, state: BillingState): Outcome<BillingEffect> {
  allowOnly(call, ['pause_collection', 'metadata', 'expand'])
  const asked = readPauseCollection(call)
  const added = readMetadata(call)

  const before = known(call, state)
  if (before.status === 'canceled') throw notAllowed(`Subscription ${before.id} is canceled and cannot be changed.`)
  const pause = asked === undefined ? before.pause_collection : asked
  const metadata = { ...before.metadata, ...added }
  const body = subscriptionObject({ ...before, pause_collection: pause, metadata })

  const pauseChanged = JSON.stringify(pause) !== JSON.stringify(before.pause_collection)
  const metadataChanged = Object.entries(added).some(([name, value]) => before.metadata[name] !== value)
  // An update that leaves everything as it was is no effect.
  if (!pauseChanged && !metadataChanged) return { reply: { status: 200, body } }
  const changed = pause === null ? 'subscription.resumed' : 'subscription.paused'
  return {
    reply: { status: 200, body },
    effect: {
      effect: pauseChanged ? changed : 'subscription.updated',
      id: before.id,
      customer: before.customer,
      pause_collection: pause,
      metadata,
    },
  }
}

/** `pause_collection[behavior]=void` pauses, `pause_collection=` resumes; `undefined` when neither was sent. */
function readPauseCollection(call: Call): PauseCollection | null | undefined {
  const whole = call.fields.get('pause_collection')
  if (whole === '') return null
  if (whole !== undefined) throw badParameter('pause_collection', 'Invalid object')
  const behavior = oneOf(call, 'pause_collection[behavior]', behaviors)
  const resumesAt = positiveInteger(call, 'pause_collection[resumes_at]')
  if (behavior !== undefined) return { behavior, resumes_at: resumesAt ?? null }
  if (resumesAt === undefined) return undefined
  throw badParameter(
    'pause_collection[behavior]',
    'Missing required param: pause_collection[behavior].',
    'parameter_missing',
  )
}

function known(call: Call, state: BillingState): SubscriptionRecord {
  const id = call.names.id ?? ''
  const subscription = state.subscriptions.get(id)
  if (!subscription) throw missing('subscription', id)
  return subscription
}
