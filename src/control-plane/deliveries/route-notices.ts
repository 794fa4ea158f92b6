import { shortId } from '../../digest.js'
import { type Destination, destinationsOf, type RoutingRules } from '../../domain/routing.js'
import { askedGroups } from '../../evidence/asked-groups.js'
import { decidingGroups } from '../../evidence/attention-deciders.js'
import { scheduleOf } from '../../evidence/deadlines.js'
import { dueReminders } from '../../evidence/reminders.js'
import { queueDeliveries } from '../../ledger/queries/queue-deliveries.js'
import { type NoticeRow, unroutedNotices } from '../../ledger/queries/unrouted-notices.js'
import type { ControlPlane } from '../control-plane.js'
import { loadNoticed, type Noticed } from './load-noticed.js'

/**
 * Queues the notices of a tenant for whomever the rules name, each once, in the order they were noted. One that cannot be
 * routed is left for the next time, and holds up no other. Resolves to how many deliveries were queued.
 */
export async function routeNotices(plane: ControlPlane, rules: RoutingRules, tenant: string): Promise<number> {
  let queued = 0
  for (const notice of await unroutedNotices(plane.pool, tenant)) {
    try {
      const destinations = await destinationsFor(plane, rules, tenant, notice)
      queued += await queueDeliveries(plane.pool, tenant, notice, destinations)
    } catch (error) {
      plane.warn?.({ err: error, tenant, about: notice.about, notice: notice.kind }, 'a notice could not be routed')
    }
  }
  return queued
}

async function destinationsFor(
  plane: ControlPlane,
  rules: RoutingRules,
  tenant: string,
  notice: NoticeRow,
): Promise<(Destination & { readonly id: string })[]> {
  if ([rules.default, ...Object.values(rules.groups)].every((routes) => routes.length === 0)) return []
  const noticed = await loadNoticed(plane, { tenant, ...notice })
  if (!noticed) throw new Error('nothing is known of what it is about')
  const asked = groupsOf(plane, noticed, notice)
  const recipients = notice.recipients.map((person) => ({
    person,
    groups: noticed.admitted.authority.groupsOf(person).filter((group) => asked.includes(group)),
  }))
  // Only those who have not decided are reminded: a group that has is left in peace.
  const groups =
    notice.kind === 'reminder' ? asked.filter((group) => recipients.some((each) => each.groups.includes(group))) : asked
  const { about, kind, ordinal } = notice
  return destinationsOf(rules, { groups, recipients }).map((destination) => ({
    ...destination,
    id: shortId('dlv', tenant, about, kind, String(ordinal), destination.channel, destination.address),
  }))
}

/** For which groups a notice asks. */
function groupsOf(
  plane: ControlPlane,
  { admitted, approval, attention }: Noticed,
  notice: NoticeRow,
): readonly string[] {
  if (attention) return decidingGroups(plane, admitted, attention.step)
  if (!approval) return []
  if (notice.kind === 'asked') return approval.approver_groups
  if (notice.kind === 'closed') return askedGroups(approval)
  if (notice.kind === 'reminder')
    return dueReminders(approval).find(({ ordinal }) => ordinal === notice.ordinal)?.groups ?? []
  const handedOn = scheduleOf(approval).escalations?.[notice.ordinal - 1]
  return handedOn ? [handedOn.to] : []
}
