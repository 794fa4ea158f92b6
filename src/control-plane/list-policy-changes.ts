import { ExequaturError } from '../domain/errors.js'
import { loadPolicyChanges, type PolicyChangeRow } from '../ledger/queries/load-policy-changes.js'
import { loadPolicySets } from '../ledger/queries/load-policy-sets.js'
import type { Caller, ControlPlane } from './control-plane.js'
import { type PolicyChangeView, viewPolicyChange } from './policy-change-view.js'
import { requirePerson } from './require-person.js'

type Deps = Pick<ControlPlane, 'pool'>

/** The changes of the tenant's policies, newest first. Throws `EXQ-2002`. */
export async function listPolicyChanges(deps: Deps, caller: Caller, limit: number): Promise<PolicyChangeView[]> {
  requirePerson(caller, 'look after policies')
  return view(deps, caller.tenant, await loadPolicyChanges(deps.pool, caller.tenant, { limit }))
}

/** One change. Throws `EXQ-2002`, `EXQ-3012`. */
export async function getPolicyChange(deps: Deps, caller: Caller, changeId: string): Promise<PolicyChangeView> {
  requirePerson(caller, 'look after policies')
  const [found] = await view(
    deps,
    caller.tenant,
    await loadPolicyChanges(deps.pool, caller.tenant, { changeId, limit: 1 }),
  )
  if (!found) throw new ExequaturError('EXQ-3012', changeId)
  return found
}

async function view(deps: Deps, tenant: string, rows: readonly PolicyChangeRow[]): Promise<PolicyChangeView[]> {
  const bases = new Map<string, Readonly<Record<string, string>>>()
  for (const { base_digest: digest } of rows) {
    if (bases.has(digest)) continue
    const [base] = await loadPolicySets(deps.pool, tenant, { digest, limit: 1 })
    bases.set(digest, base?.policies ?? {})
  }
  return rows.map((row) => viewPolicyChange(row, bases.get(row.base_digest) ?? {}))
}
