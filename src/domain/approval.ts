import type { Requirements } from './policy.js'

export type VoteKind = 'approve' | 'reject'

/** What an approver signs. */
export interface VoteStatement {
  readonly tenant: string
  readonly approval_id: string
  readonly envelope_digest: string
  readonly rendering_digest: string
  readonly approver: string
  readonly vote: VoteKind
  readonly reason: string
  readonly method: string
  readonly at: string
}

/** A person whose verified approval counts, with the groups they are in now. */
export interface Approver {
  readonly person: string
  readonly groups: readonly string[]
}

/** Where an approval request stands. Everything but `waiting` is final. */
export type ApprovalState = 'waiting' | 'approved' | 'rejected' | 'expired' | 'cancelled'

const reserved = new Set(['approvers', 'groups'])

/** May this person vote at all: entitled by a group, and neither the owner of the agent nor whom it acts for. */
export function mayVote(
  person: Approver,
  request: { readonly groups: readonly string[]; readonly chain: readonly string[] },
): boolean {
  return !request.chain.includes(person.person) && person.groups.some((group) => request.groups.includes(group))
}

/**
 * Counts approvals for the policy. Each person fills at most one slot of the requirement set, so "finance 1 and
 * security 1" takes two people; `approvers` is the number of people in the tool's approver groups and `groups` the
 * number of different ones they can stand for. Every declared group is present, 0 if empty.
 */
export function countApprovals(
  approvers: readonly Approver[],
  required: Requirements,
  declaredGroups: readonly string[],
  approverGroups: readonly string[],
): Record<string, number> {
  const people = [...new Map(approvers.map((approver) => [approver.person, approver])).values()]
  const named = Object.entries(required).filter(([group]) => !reserved.has(group))
  const slots = named.flatMap(([group, count]) => Array<string>(count).fill(group))
  const counts: Record<string, number> = Object.fromEntries(declaredGroups.map((group) => [group, 0]))
  for (const [slot, person] of match(people, slots).entries()) {
    if (person) counts[slots[slot] as string] = (counts[slots[slot] as string] ?? 0) + 1
  }
  const entitled = people.filter(({ groups }) => groups.some((group) => approverGroups.includes(group)))
  counts.approvers = entitled.length
  counts.groups = match(entitled, [...new Set(approverGroups)]).filter(Boolean).length
  return counts
}

/** A maximum matching of people to slots (augmenting paths); the person in each slot, or undefined. */
function match(people: readonly Approver[], slots: readonly string[]): (Approver | undefined)[] {
  const filled: (Approver | undefined)[] = slots.map(() => undefined)
  const place = (person: Approver, tried: Set<number>): boolean => {
    for (const [slot, group] of slots.entries()) {
      if (tried.has(slot) || !person.groups.includes(group)) continue
      tried.add(slot)
      const holder = filled[slot]
      if (!holder || place(holder, tried)) {
        filled[slot] = person
        return true
      }
    }
    return false
  }
  for (const person of people) place(person, new Set())
  return filled
}
