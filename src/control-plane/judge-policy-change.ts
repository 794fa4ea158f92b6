import { shortId } from '../digest.js'
import { isExequaturError } from '../domain/errors.js'
import { authorsAfter, loosenings, type PolicyRule } from '../domain/policy-change.js'
import { type Authority, newestContracts } from '../identity/authority.js'
import type { PolicySetRow } from '../ledger/queries/load-authority.js'
import type { NewPolicyChange } from '../ledger/queries/record-policy-change.js'
import { createPolicyEngine } from '../policy/policy-engine.js'
import { type PolicySet, parsePolicySet } from '../policy/policy-set.js'

/** Policy files that somebody wants in force. */
export interface WantedPolicies {
  readonly files: Readonly<Record<string, string>>
  readonly set: PolicySet
  readonly author: string
  readonly note: string
}

/** The change that leads from the set in force to the wanted one, with why it loosens and how many have to agree. */
export function judgePolicyChange(
  deps: { readonly groups: readonly string[]; readonly policyRule: PolicyRule },
  authority: Authority,
  base: PolicySetRow,
  wanted: WantedPolicies,
): NewPolicyChange {
  const { tenant } = authority
  const before = parsePolicySet(base.policies)
  const reasons = loosenings(before.policies, wanted.set.policies)
  // What cannot be asked denies everything, so that whatever can be asked lets more happen.
  if (!isUsable(before, authority, deps.groups)) reasons.push('the set in force is not valid for the tools of now')
  const { group, people } = deps.policyRule
  return {
    tenant,
    change_id: shortId('chg', tenant, String(base.revision), wanted.set.digest, wanted.author),
    base_revision: base.revision,
    base_digest: base.digest,
    digest: wanted.set.digest,
    policies: wanted.files,
    authors: authorsAfter({ policies: before.policies, authors: base.authors }, wanted.set.policies, wanted.author),
    author: wanted.author,
    note: wanted.note,
    loosens: reasons.length > 0,
    reasons,
    people: reasons.length > 0 ? people : 0,
    group_name: group,
  }
}

/** Throws `EXQ-3002` unless the set is strictly valid for the tools of the tenant. */
export function requireValid(set: PolicySet, authority: Authority, groups: readonly string[]): void {
  createPolicyEngine(set, newestContracts(authority.contracts), groups)
}

function isUsable(set: PolicySet, authority: Authority, groups: readonly string[]): boolean {
  try {
    requireValid(set, authority, groups)
    return true
  } catch (error) {
    if (isExequaturError(error)) return false
    throw error
  }
}
