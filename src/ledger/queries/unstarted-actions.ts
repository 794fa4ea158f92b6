import { type ActionRecord, actionColumns } from '../action-record.js'
import type { Db } from '../pool.js'

/** Admitted actions of a tenant that no workflow has touched for a while: their start was lost. */
export async function unstartedActions(db: Db, tenant: string, olderThanMs: number): Promise<ActionRecord[]> {
  const { rows } = await db.of(tenant).query<ActionRecord>({
    name: 'unstarted-actions',
    text: `select ${actionColumns} from actions a
      where a.tenant = $1 and a.outcome is null and a.stage = 'request' and a.admitted_at < now() - $2 * interval '1 millisecond'
      order by a.admitted_at limit 50`,
    values: [tenant, olderThanMs],
  })
  return rows
}
