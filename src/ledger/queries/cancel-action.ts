import type { ActionRef } from '../../domain/activities.js'
import type { Db } from '../pool.js'

/**
 * Records that an action is to go no further; the first to say so is kept. False if nothing was recorded: somebody else was
 * faster, or the action has ended.
 */
export async function cancelAction(db: Db, ref: ActionRef, by: string, reason: string): Promise<boolean> {
  const { rowCount } = await db
    .of(ref.tenant)
    .query(
      `insert into cancellations (tenant, action_id, cancelled_by, reason) values ($1, $2, $3, $4) on conflict do nothing`,
      [ref.tenant, ref.action_id, by, reason],
    )
  return rowCount === 1
}
