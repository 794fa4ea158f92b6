import type { Db } from '../pool.js'

/** The revision of a tenant's authority; null for a tenant nobody set up. */
export async function readRevision(db: Db, tenant: string): Promise<number | null> {
  const { rows } = await db.of(tenant).query<{ value: number }>({
    name: 'read-revision',
    text: `select value from counters where tenant = $1 and name = 'authority'`,
    values: [tenant],
  })
  return rows[0]?.value ?? null
}
