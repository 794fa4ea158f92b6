import type { ActionRef } from '../../domain/activities.js'
import type { Db } from '../pool.js'

/** The place in the outbox of the last hint owed to an action; null if there is none. */
export async function lastHint(db: Db, ref: ActionRef): Promise<number | null> {
  const { rows } = await db
    .of(ref.tenant)
    .query<{ seq: number | null }>(
      `select max(seq) as seq from outbox where tenant = $1 and action_id = $2 and kind = 'hint'`,
      [ref.tenant, ref.action_id],
    )
  return rows[0]?.seq ?? null
}
