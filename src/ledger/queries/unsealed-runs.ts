import type { Db } from '../pool.js'

/** Closed runs of ended actions of a tenant whose history is not yet in the trail. */
export async function unsealedActions(db: Db, tenant: string, limit = 50): Promise<{ id: string; run_id: string }[]> {
  const { rows } = await db.of(tenant).query<{ id: string; run_id: string }>({
    name: 'unsealed-actions',
    text: `select a.id, run.run_id from actions a cross join lateral unnest(a.closed_runs) as run (run_id)
      where a.tenant = $1 and cardinality(a.closed_runs) > a.sealed_runs
        and not exists (select from trails t where t.tenant = a.tenant and t.action_id = a.id and t.run_id = run.run_id)
      order by a.ended_at limit $2`,
    values: [tenant, limit],
  })
  return rows
}
