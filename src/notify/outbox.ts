import type { ControlPlane } from '../control-plane/control-plane.js'
import { makeDeliveries } from '../control-plane/deliveries/make-deliveries.js'
import { routeNotices } from '../control-plane/deliveries/route-notices.js'
import type { RoutingRules } from '../domain/routing.js'
import type { Logger } from '../log.js'
import { type Periodical, periodically } from '../periodic.js'
import type { Channel } from './channel.js'

const usualSweepMs = 2_000
/** How many addresses of a channel are told at once in each tenant. */
const lanes = 4

/**
 * Takes notices to people, as soon as the ledger tells of them and every few seconds in any case. Each channel goes its own
 * way, in several lanes: what does not answer holds up no other channel, and one address no other while a lane is free.
 */
export function runOutbox(
  plane: ControlPlane,
  logger: Logger,
  {
    channels,
    rules,
    tenants,
    sweepMs = usualSweepMs,
  }: {
    readonly channels: readonly Channel[]
    readonly rules: RoutingRules
    readonly tenants: readonly string[]
    readonly sweepMs?: number
  },
): { readonly stop: () => Promise<void> } {
  let stopping = false
  const stopped = () => stopping
  // Each lane looks for itself, so that those which are free take what comes while others are busy.
  const outgoing = channels.flatMap((channel) =>
    tenants.flatMap((tenant) =>
      Array.from({ length: lanes }, () =>
        periodically(logger, `what goes out by ${channel.name} could not be looked over`, sweepMs, () =>
          makeDeliveries(plane, channel, { tenant, stopped }),
        ),
      ),
    ),
  )
  const routing = periodically(logger, 'notices could not be routed', sweepMs, async () => {
    for (const tenant of tenants) {
      if ((await routeNotices(plane, rules, tenant)) > 0) for (const { soon } of outgoing) soon()
    }
  })
  const subscriptions = tenants.map((tenant) =>
    plane.changes.subscribe(tenant, ({ topics }) => {
      if (topics.some((topic) => topic === 'approvals' || topic === 'attention')) routing.soon()
    }),
  )
  return {
    stop: async () => {
      stopping = true
      for (const end of subscriptions) end()
      await Promise.all([routing, ...outgoing].map((each: Periodical) => each.stop()))
    },
  }
}
