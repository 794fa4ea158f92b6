import type { Requirements } from './policy.js'

export const voteKinds = ['approve', 'reject', 'withdraw'] as const
export type VoteKind = (typeof voteKinds)[number]

/** Counts that no group may be named after: people, different groups, and people who approved by a strong method. */
export const reservedCounts = ['approvers', 'groups', 'strong'] as const

/** Signed by the approver's own registered key, or by their passkey. By any other method the server vouches for who voted. */
export const strongMethods = ['key', 'passkey'] as const
export type StrongMethod = (typeof strongMethods)[number]

export function isStrong(method: string): method is StrongMethod {
  return strongMethods.some((each) => each === method)
}

/** What is signed: by the approver's own key where `method` is strong, else by the server. */
export interface VoteStatement {
  readonly tenant: string
  readonly approval_id: string
  readonly envelope_digest: string
  readonly rendering_digest: string
  /** The person: one vote, whatever the account. */
  readonly approver: string
  /** How the person came in: `token:<credential>` or `oidc:<issuer>#<subject>`. */
  readonly account: string
  /** 1, 2, ... per approval and person; the newest is the person's vote. */
  readonly revision: number
  readonly vote: VoteKind
  readonly reason: string
  readonly method: string
  /** Flags of the rendering that the person says to have seen. */
  readonly acknowledged: readonly string[]
  /** The approver is part of the request, which only a deployment of one person allows. */
  readonly self_approved: boolean
  /** ISO 8601; by the ledger's clock, or near it where the approver signs. */
  readonly at: string
}

/** A person whose verified approval counts, with the groups they are in now. */
export interface Approver {
  readonly person: string
  readonly groups: readonly string[]
  /** Approved by a strong method. */
  readonly strong?: boolean
}

/** Where an approval request stands. `stale`: what was sealed is no longer what would run; everything but `waiting` is final. */
export type ApprovalState = 'waiting' | 'approved' | 'rejected' | 'expired' | 'cancelled' | 'stale'

export function isReserved(group: string): boolean {
  return reserved.has(group)
}

const reserved: ReadonlySet<string> = new Set(reservedCounts)

/** May this person vote at all: entitled by a group, and nowhere in the chain of the request. */
export function mayVote(
  person: Approver,
  request: { readonly groups: readonly string[]; readonly chain: readonly string[] },
): boolean {
  return !request.chain.includes(person.person) && person.groups.some((group) => request.groups.includes(group))
}

/**
 * Counts approvals for the policy. Each person fills at most one slot of the requirement set, so "finance 1 and
 * security 1" takes two people; `approvers` is the number of people in the tool's approver groups and `groups` the
 * number of different ones they can stand for; `strong` those of the people who approved by a strong method. Every
 * declared group is present, 0 if empty.
 */
export function countApprovals(
  approvers: readonly Approver[],
  required: Requirements,
  declaredGroups: readonly string[],
  approverGroups: readonly string[],
): Record<string, number> {
  const people = [...new Map(approvers.map((approver) => [approver.person, approver])).values()]
  const named = Object.entries(required).filter(([group]) => !reserved.has(group))
  const slots = named.sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([group, count]) => Array<string>(count).fill(group))
  const counts: Record<string, number> = Object.fromEntries(declaredGroups.map((group) => [group, 0]))
  for (const group of fillable(slots, people)) counts[group] = (counts[group] ?? 0) + 1
  const entitled = people.filter(({ groups }) => groups.some((group) => approverGroups.includes(group)))
  counts.approvers = entitled.length
  counts.groups = fillable([...new Set(approverGroups)], entitled).length
  counts.strong = entitled.filter(({ strong }) => strong === true).length
  return counts
}

/** As few people as can meet the requirements, if each has all the groups and a key. */
export function peopleNeeded({ approvers = 0, groups = 0, strong = 0, ...named }: Requirements): number {
  return Math.max(
    approvers,
    groups,
    strong,
    Object.values(named).reduce((sum, count) => sum + count, 0),
  )
}

/**
 * The slots that people can fill, each with a person of its own, as many as possible (a matching by augmenting paths).
 * Slots choose in their order and never lose what they have, so the order of the people does not matter.
 */
function fillable(slots: readonly string[], people: readonly Approver[]): string[] {
  const held = new Map<Approver, number>()
  const fill = (slot: number, tried: Set<Approver>): boolean => {
    for (const person of people) {
      if (tried.has(person) || !person.groups.includes(slots[slot] as string)) continue
      tried.add(person)
      const other = held.get(person)
      if (other === undefined || fill(other, tried)) {
        held.set(person, slot)
        return true
      }
    }
    return false
  }
  return slots.filter((_, slot) => fill(slot, new Set()))
}
