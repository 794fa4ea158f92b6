import type { Db } from '../pool.js'

/** Whether a sign-in was made in the last `ms`, by the ledger's clock. */
export async function signedInWithin(db: Db, tenant: string, id: string, ms: number): Promise<boolean> {
  const { rows } = await db.of(tenant).query<{ within: boolean }>(
    `select signed_in_at > clock_timestamp() - $3 * interval '1 millisecond' as within
     from sign_ins where tenant = $1 and id = $2`,
    [tenant, id, ms],
  )
  return rows[0]?.within ?? false
}
