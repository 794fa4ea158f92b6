import type { Db } from '../pool.js'
import type { CallRef } from './record-intent.js'

/**
 * Writes the next try of an intent, fenced: only if it is the one after `last`, and the authority it was checked under
 * still holds. False: look again.
 */
export async function recordAttempt(
  db: Db,
  call: CallRef,
  last: number,
  authorityRevision: number,
  executor: string,
): Promise<boolean> {
  const { rows } = await db.query<{ attempt: number }>({
    name: 'record-attempt',
    text: `
      with held as materialized (select hold_authority($1, $7) as ok)
      insert into attempts (tenant, action_id, step, phase, generation, attempt, executor)
      select $1, $2, $3, $4, $5, $6 + 1, $8 from held
      where ok and $6 = (select max(attempt) from attempts where tenant = $1 and action_id = $2 and step = $3 and phase = $4 and generation = $5)
        and not exists (select from outcomes where tenant = $1 and action_id = $2 and step = $3 and phase = $4 and generation = $5 and effect <> 'unknown')
      on conflict do nothing returning attempt`,
    values: [call.tenant, call.action_id, call.step, call.phase, call.generation, last, authorityRevision, executor],
  })
  return rows.length === 1
}
