import { isExequaturError } from '../domain/errors.js'
import { type Authorities, newestContracts } from '../identity/authority.js'
import type { Pool } from '../ledger/pool.js'
import { publishPolicySet } from '../ledger/queries/publish-policy-set.js'
import { createPolicyEngine } from '../policy/policy-engine.js'
import { type PolicyFiles, parsePolicySet } from '../policy/policy-set.js'

/**
 * Puts policy files in force in a tenant if they are strictly valid against its contracts. Resolves to null, or to why
 * they are not; then the set that was in force stays.
 */
export async function publishPolicies(
  deps: { readonly pool: Pool; readonly authorities: Authorities; readonly groups: readonly string[] },
  tenant: string,
  files: PolicyFiles,
): Promise<string | null> {
  const authority = await deps.authorities.current(tenant)
  if (!authority) return `${tenant} has no tools yet: start an executor`
  try {
    const set = parsePolicySet(files)
    if (set.digest === authority.policyDigest) return null
    createPolicyEngine(set, newestContracts(authority.contracts), deps.groups)
    await publishPolicySet(deps.pool, tenant, { digest: set.digest, policies: files, author: 'service:server' })
    return null
  } catch (error) {
    if (isExequaturError(error)) return error.message
    throw error
  }
}
