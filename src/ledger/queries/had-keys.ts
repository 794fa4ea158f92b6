import type { Db } from '../pool.js'

/** Whether a person has registered any key since they were created last; one that was revoked counts. */
export async function hadKeys(db: Db, tenant: string, principal: string): Promise<boolean> {
  const { rows } = await db.of(tenant).query<{ had: boolean }>(
    `select exists (
       select from keys where tenant = $1 and principal = $2 and recorded_at > coalesce(
         (select max(recorded_at) from principals where tenant = $1 and principal = $2 and event = 'created'), '-infinity')
     ) as had`,
    [tenant, principal],
  )
  return rows[0]?.had ?? false
}
