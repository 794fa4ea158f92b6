import type { ActionRef } from '../../domain/activities.js'
import type { Review } from '../action-record.js'
import type { Db } from '../pool.js'

/** Records that a person looked an action over, or objects to it; said once, it stands. */
export async function recordReview(db: Db, ref: ActionRef, { reviewer, verdict, reason }: Review): Promise<void> {
  await db
    .of(ref.tenant)
    .query(
      'insert into reviews (tenant, action_id, reviewer, verdict, reason) values ($1, $2, $3, $4, $5) on conflict do nothing',
      [ref.tenant, ref.action_id, reviewer, verdict, reason],
    )
}
