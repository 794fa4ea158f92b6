import type { Db } from '../pool.js'

/** Was a message posted for this delivery? */
export async function wasPosted(db: Db, tenant: string, delivery: string): Promise<boolean> {
  const { rows } = await db
    .of(tenant)
    .query('select from slack_posts where tenant = $1 and delivery = $2', [tenant, delivery])
  return rows.length > 0
}
