import { isExequaturError } from '../domain/errors.js'
import { authorsAfter, type PolicyRule } from '../domain/policy-change.js'
import type { Authorities, Authority } from '../identity/authority.js'
import { inTransaction, type Pool } from '../ledger/pool.js'
import type { PolicySetRow } from '../ledger/queries/load-authority.js'
import { loadPolicyChanges, type PolicyChangeRow } from '../ledger/queries/load-policy-changes.js'
import { loadPolicySets } from '../ledger/queries/load-policy-sets.js'
import { publishFirstPolicySet, publishPolicyChange } from '../ledger/queries/publish-policy-set.js'
import { type NewPolicyChange, recordPolicyChange } from '../ledger/queries/record-policy-change.js'
import { takeAuthority } from '../ledger/queries/take-authority.js'
import { type PolicyFiles, parsePolicySet } from '../policy/policy-set.js'
import { judgePolicyChange, requireValid, type WantedPolicies } from './judge-policy-change.js'

/** Whoever writes the policy files of the deployment. */
const deploymentAuthor = 'service:deployment'

export interface PolicyDeps {
  readonly pool: Pool
  readonly authorities: Authorities
  readonly groups: readonly string[]
  readonly policyRule: PolicyRule
  /** Told of a change that waits for people. */
  readonly tell?: (change: NewPolicyChange) => void
  /** Told that another set than before is in force. */
  readonly inForce?: (tenant: string) => void
}

/**
 * Says what policies the deployment wants in a tenant, where they are strictly valid against its contracts. The first
 * set, and one that only tightens, goes in force; one that loosens waits for people to agree. What the deployment has
 * said before it does not say again. Resolves to null, or to why the files are not valid; then nothing changes.
 */
export async function publishPolicies(deps: PolicyDeps, tenant: string, files: PolicyFiles): Promise<string | null> {
  try {
    const set = parsePolicySet(files)
    const wanted = { files, set, author: deploymentAuthor, note: 'The policy files of the deployment.' }
    for (;;) {
      const authority = await deps.authorities.current(tenant)
      if (!authority) return `${tenant} has no tools yet: start an executor`
      if (set.digest === authority.policyDigest) return null
      requireValid(set, authority, deps.groups)
      if (await say(deps, authority, wanted)) return null
    }
  } catch (error) {
    if (isExequaturError(error)) return error.message
    throw error
  }
}

/** False: look at the authority again. */
async function say(deps: PolicyDeps, authority: Authority, wanted: WantedPolicies): Promise<boolean> {
  const { tenant, policySet } = authority
  const { set, files, author } = wanted
  if (!policySet) {
    const authors = authorsAfter(null, set.policies, author)
    await publishFirstPolicySet(deps.pool, tenant, { digest: set.digest, policies: files, author, authors })
    return false
  }
  const before = await saidBefore(deps.pool, policySet, tenant, set.digest)
  if (before) {
    if (before !== 'settled') deps.tell?.(before)
    return true
  }
  const change = judgePolicyChange(deps, authority, policySet, wanted)
  const held = await inTransaction(deps.pool, async (db) => {
    if ((await takeAuthority(db, tenant)) !== authority.revision) return false
    await recordPolicyChange(db, change)
    if (change.people === 0) await publishPolicyChange(db, tenant, change.change_id)
    return true
  })
  if (held && change.people > 0) deps.tell?.(change)
  if (held && change.people === 0) deps.inForce?.(tenant)
  return held
}

/**
 * What became of the same files, if they are what the deployment said last: a restart neither asks again for what people
 * objected to, nor takes back what they decided since.
 */
async function saidBefore(
  pool: Pool,
  present: PolicySetRow,
  tenant: string,
  digest: string,
): Promise<PolicyChangeRow | 'settled' | null> {
  const [last] = await loadPolicyChanges(pool, tenant, { author: deploymentAuthor, limit: 1 })
  if (!last) {
    const [first] = (await loadPolicySets(pool, tenant, { digest, limit: 1_000 })).reverse()
    return first?.author === deploymentAuthor && first.revision === 1 && present.revision > 1 ? 'settled' : null
  }
  if (last.digest !== digest) return null
  if (last.in_force_as !== null || last.agreements.some(({ vote }) => vote === 'object')) return 'settled'
  return last.base_in_force ? last : null
}
