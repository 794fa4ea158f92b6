import type { ActionRef } from '../../domain/activities.js'
import { type ActionRecord, actionColumns } from '../action-record.js'
import type { Db } from '../pool.js'

/** One action with all its facts; null if there is none. */
export async function loadAction(db: Db, ref: ActionRef): Promise<ActionRecord | null> {
  const { rows } = await db.of(ref.tenant).query<ActionRecord>({
    name: 'load-action',
    text: `select ${actionColumns} from actions a where a.tenant = $1 and a.id = $2`,
    values: [ref.tenant, ref.action_id],
  })
  return rows[0] ?? null
}
