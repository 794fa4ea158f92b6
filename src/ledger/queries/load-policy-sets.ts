import type { Db } from '../pool.js'
import type { PolicySetRow } from './load-authority.js'

/** A set with the time until which it was in force; null if it still is. */
export interface PastPolicySet extends PolicySetRow {
  readonly until: string | null
}

/** The sets that were in force in a tenant, newest first; those of one digest if it is given. */
export async function loadPolicySets(
  db: Db,
  tenant: string,
  only: { readonly digest?: string; readonly limit: number },
): Promise<PastPolicySet[]> {
  const { rows } = await db.of(tenant).query<{ set: PastPolicySet }>(
    `select to_jsonb(p) as set
     from (select *, lead(activated_at) over (order by revision) as until from policy_sets where tenant = $1) p
     where $2::text is null or digest = $2
     order by revision desc limit $3`,
    [tenant, only.digest ?? null, only.limit],
  )
  return rows.map(({ set }) => set)
}
