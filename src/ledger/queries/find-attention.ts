import type { Db } from '../pool.js'

/** The action that an attention is about; null if there is none of that id. */
export async function findAttention(db: Db, tenant: string, id: string): Promise<{ action_id: string } | null> {
  const { rows } = await db
    .of(tenant)
    .query<{ action_id: string }>('select action_id from attentions where tenant = $1 and id = $2', [tenant, id])
  return rows[0] ?? null
}
