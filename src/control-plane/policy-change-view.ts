import type { PolicyChangeRow } from '../ledger/queries/load-policy-changes.js'
import { parsePolicySet } from '../policy/policy-set.js'

/** How one policy differs: null where it is not there. */
export interface PolicyDifference {
  readonly id: string
  readonly text_before: string | null
  readonly text_after: string | null
}

/** A change of policies as people see it. */
export interface PolicyChangeView {
  readonly id: string
  /** `agreed`: it came into force. `outdated`: another set came into force first. */
  readonly state: 'waiting' | 'agreed' | 'objected' | 'outdated'
  readonly author: string
  readonly note: string
  readonly loosens: boolean
  /** Why it is said to loosen. */
  readonly reasons: readonly string[]
  /** How many people of `group` have to agree. */
  readonly people: number
  readonly group: string
  readonly agreements: readonly {
    readonly person: string
    readonly vote: 'agree' | 'object'
    readonly reason: string
    readonly at: string
    readonly counts: boolean
  }[]
  readonly base_digest: string
  readonly digest: string
  readonly proposed_at: string
  readonly differences: readonly PolicyDifference[]
}

/** `base`: the files of the set that it changes. */
export function viewPolicyChange(row: PolicyChangeRow, base: Readonly<Record<string, string>>): PolicyChangeView {
  return {
    id: row.change_id,
    state: stateOf(row),
    author: row.author,
    note: row.note,
    loosens: row.loosens,
    reasons: row.reasons,
    people: row.people,
    group: row.group_name,
    agreements: row.agreements.map(({ agreed_at, ...said }) => ({ ...said, at: agreed_at })),
    base_digest: row.base_digest,
    digest: row.digest,
    proposed_at: row.proposed_at,
    differences: differencesOf(base, row.policies),
  }
}

export function stateOf(row: PolicyChangeRow): PolicyChangeView['state'] {
  if (row.in_force_as !== null) return 'agreed'
  if (row.agreements.some(({ vote }) => vote === 'object')) return 'objected'
  return row.base_in_force ? 'waiting' : 'outdated'
}

function differencesOf(
  base: Readonly<Record<string, string>>,
  wanted: Readonly<Record<string, string>>,
): PolicyDifference[] {
  const [before, after] = [parsePolicySet(base).policies, parsePolicySet(wanted).policies]
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((id) => before.get(id)?.digest !== after.get(id)?.digest)
    .map((id) => ({ id, text_before: before.get(id)?.text ?? null, text_after: after.get(id)?.text ?? null }))
}
