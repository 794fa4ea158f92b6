import type { Db } from '../pool.js'

/** Ended actions whose history is not yet in the trail. */
export async function unsealedActions(db: Db, limit = 50): Promise<{ tenant: string; id: string; run_id: string }[]> {
  const { rows } = await db.query<{ tenant: string; id: string; run_id: string }>({
    name: 'unsealed-actions',
    text: `select a.tenant, a.id, a.run_id from actions a
      where a.outcome is not null and a.run_id is not null
        and not exists (select from trails t where t.tenant = a.tenant and t.action_id = a.id and t.run_id = a.run_id)
      order by a.ended_at limit $1`,
    values: [limit],
  })
  return rows
}
