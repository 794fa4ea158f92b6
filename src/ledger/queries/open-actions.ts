import { type ActionRecord, actionColumns } from '../action-record.js'
import type { Db } from '../pool.js'

/** A page of actions that have not ended, in order of their ids, after the given one. */
export async function openActions(db: Db, after: string, olderThanMs: number, limit = 50): Promise<ActionRecord[]> {
  const { rows } = await db.query<ActionRecord>({
    name: 'open-actions',
    text: `select ${actionColumns} from actions a
      where a.outcome is null and a.id > $1 and a.admitted_at < now() - $2 * interval '1 millisecond'
      order by a.id limit $3`,
    values: [after, olderThanMs, limit],
  })
  return rows
}
