import { loadPolicySets } from '../ledger/queries/load-policy-sets.js'
import type { Caller, ControlPlane } from './control-plane.js'
import { requirePerson } from './require-person.js'

/** A policy set that was, or is, in force. */
export interface PolicySetView {
  readonly revision: number
  readonly digest: string
  readonly author: string
  readonly agreed_by: readonly string[]
  readonly change_id: string | null
  readonly from: string
  /** null: it is in force. */
  readonly until: string | null
}

/** The sets that were in force in the tenant, newest first. Throws `EXQ-2002`. */
export async function listPolicySets(
  plane: Pick<ControlPlane, 'pool'>,
  caller: Caller,
  limit: number,
): Promise<PolicySetView[]> {
  requirePerson(caller, 'look after policies')
  const sets = await loadPolicySets(plane.pool, caller.tenant, { limit })
  return sets.map(({ revision, digest, author, agreed_by, change_id, activated_at, until }) => ({
    revision,
    digest,
    author,
    agreed_by,
    change_id,
    from: activated_at,
    until,
  }))
}
