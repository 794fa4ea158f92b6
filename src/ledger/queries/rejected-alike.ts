import type { ActionRef } from '../../domain/activities.js'
import type { AskedBefore } from '../../domain/envelope.js'
import type { Db } from '../pool.js'

const days = 7
const atMost = 3

/** The last few actions that asked for exactly the same and that people rejected, newest first. */
export async function rejectedAlike(db: Db, ref: ActionRef): Promise<AskedBefore[]> {
  const { rows } = await db.of(ref.tenant).query<AskedBefore>(
    `select a.id as action_id, to_json(a.ended_at)#>>'{}' as at, a.explanation
     from actions mine join actions a on a.tenant = mine.tenant and a.fingerprint = mine.fingerprint
     where mine.tenant = $1 and mine.id = $2 and a.outcome = 'rejected' and a.id <> mine.id
       and a.ended_at > now() - $3 * interval '1 day'
     order by a.ended_at desc limit $4`,
    [ref.tenant, ref.action_id, days, atMost],
  )
  return rows
}
