import type { Db } from '../pool.js'

export interface UnsealedRun {
  /** Of its action. */
  readonly id: string
  readonly run_id: string
}

/** Closed runs of a tenant whose history is not yet in the trail, those of actions that ended first first: a page of them. */
export async function unsealedRuns(
  db: Db,
  tenant: string,
  { passed, limit }: { readonly passed: number; readonly limit: number },
): Promise<UnsealedRun[]> {
  const { rows } = await db.of(tenant).query<UnsealedRun>({
    name: 'unsealed-runs',
    text: `select a.id, run.run_id from actions a cross join lateral unnest(a.closed_runs) as run (run_id)
      where a.tenant = $1 and cardinality(a.closed_runs) > a.sealed_runs
        and not exists (select from trails t where t.tenant = a.tenant and t.action_id = a.id and t.run_id = run.run_id)
      order by a.ended_at, a.id, run.run_id offset $2 limit $3`,
    values: [tenant, passed, limit],
  })
  return rows
}
