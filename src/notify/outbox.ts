import type { ControlPlane } from '../control-plane/control-plane.js'
import { makeDeliveries } from '../control-plane/deliveries/make-deliveries.js'
import { routeNotices } from '../control-plane/deliveries/route-notices.js'
import type { RoutingRules } from '../domain/routing.js'
import type { Logger } from '../log.js'
import { type Periodical, periodically } from '../periodic.js'
import type { Channel } from './channel.js'

const usualSweepMs = 2_000

/**
 * Takes notices to people, as soon as the ledger tells of them and every few seconds in any case. Each channel goes its own
 * way: one that does not answer holds up no other.
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
  const outgoing = channels.map((channel) =>
    periodically(logger, `what goes out by ${channel.name} could not be looked over`, sweepMs, () =>
      makeDeliveries(plane, channel, { tenants, stopped }),
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
