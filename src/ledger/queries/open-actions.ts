import { type ActionRecord, actionColumns } from '../action-record.js'
import type { Db } from '../pool.js'

/** A page of actions of a tenant that have not ended, in order of their ids, after the given one. */
export async function openActions(
  db: Db,
  tenant: string,
  after: string,
  olderThanMs: number,
  limit = 50,
): Promise<ActionRecord[]> {
  const { rows } = await db.of(tenant).query<ActionRecord>({
    name: 'open-actions',
    text: `select ${actionColumns} from actions a
      where a.tenant = $1 and a.outcome is null and a.id > $2 and a.admitted_at < now() - $3 * interval '1 millisecond'
      order by a.id limit $4`,
    values: [tenant, after, olderThanMs, limit],
  })
  return rows
}
