import type { ActionRef } from '../../domain/activities.js'
import type { Halt } from '../../domain/compensation.js'
import type { Db } from '../pool.js'

/** Records that an action goes no further: from now on nothing of it is executed, and what it committed may be undone. */
export async function haltAction(db: Db, ref: ActionRef, halt: Halt): Promise<void> {
  await db
    .of(ref.tenant)
    .query('insert into halts (tenant, action_id, halt) values ($1, $2, $3) on conflict do nothing', [
      ref.tenant,
      ref.action_id,
      halt,
    ])
}
