import type { PageReport } from '../../domain/reconciler.js'
import type { Db } from '../pool.js'

/** Adds a page to the comparison of its run; another run begins anew. */
export async function noteReconciliation(db: Db, tenant: string, run: string, page: PageReport): Promise<void> {
  await db.of(tenant).query({
    name: 'note-reconciliation',
    text: `
      insert into reconciliations as r (tenant, run_id, ended_at, looked, resumed, started)
      values ($1, $2, case when $3 then now() end, $4, $5, $6)
      on conflict (tenant) do update set
        run_id = excluded.run_id, looked_at = now(), ended_at = excluded.ended_at,
        began_at = case when r.run_id = excluded.run_id then r.began_at else now() end,
        looked = excluded.looked + case when r.run_id = excluded.run_id then r.looked else 0 end,
        resumed = excluded.resumed + case when r.run_id = excluded.run_id then r.resumed else 0 end,
        started = excluded.started + case when r.run_id = excluded.run_id then r.started else 0 end`,
    values: [tenant, run.slice(0, 100), page.next === null, page.looked, page.resumed, page.started],
  })
}
