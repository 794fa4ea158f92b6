import type { Db } from '../pool.js'

/**
 * Lets one change of a tenant's policies through at a time, until the transaction ends. Resolves to the revision of the
 * authority, which stands until then; null for a tenant nobody set up.
 */
export async function holdPolicies(db: Db, tenant: string): Promise<number | null> {
  const { rows } = await db
    .of(tenant)
    .query<{ revision: number | null }>('select hold_policies($1) as revision', [tenant])
  return rows[0]?.revision ?? null
}
