import type { ActionRef } from '../../domain/activities.js'
import type { Db } from '../pool.js'

/** Records that a run was begun for an open action, and how the one before was found. False if it is recorded. */
export async function recordResumption(db: Db, ref: ActionRef, runId: string, found: string): Promise<boolean> {
  const { rowCount } = await db.of(ref.tenant).query({
    name: 'record-resumption',
    text: `insert into resumptions (tenant, action_id, run_id, found) values ($1, $2, $3, $4) on conflict do nothing`,
    values: [ref.tenant, ref.action_id, runId, found],
  })
  return rowCount === 1
}
