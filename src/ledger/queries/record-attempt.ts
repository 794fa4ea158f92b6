import { crashPoint } from '../../crash-point.js'
import type { Db } from '../pool.js'
import type { CallRef } from './record-intent.js'

/**
 * Writes the next try of an intent, fenced: only if it is the one after `last`, and the authority and
 * the action it was checked under are still the same. False: look again.
 */
export async function recordAttempt(
  db: Db,
  call: CallRef,
  last: number,
  under: { readonly authority_revision: number; readonly action_revision: number },
  executor: string,
): Promise<boolean> {
  crashPoint('attempt.unwritten')
  const { rows } = await db.of(call.tenant).query<{ attempt: number }>({
    name: 'record-attempt',
    text: `
      with held as materialized (select hold_authority($1, $7) as ok),
      act as materialized (
        select actions.id from actions, held where ok and tenant = $1 and id = $2 and revision = $9 and outcome is null
        for no key update of actions)
      insert into attempts (tenant, action_id, step, phase, generation, attempt, executor)
      select $1, $2, $3, $4, $5, $6 + 1, $8 from act
      where $6 = (select max(attempt) from attempts where tenant = $1 and action_id = $2 and step = $3 and phase = $4 and generation = $5)
        and not exists (select from outcomes where tenant = $1 and action_id = $2 and step = $3 and phase = $4 and generation = $5 and effect <> 'unknown')
      on conflict do nothing returning attempt`,
    values: [
      call.tenant,
      call.action_id,
      call.step,
      call.phase,
      call.generation,
      last,
      under.authority_revision,
      executor,
      under.action_revision,
    ],
  })
  crashPoint('attempt.unanswered')
  return rows.length === 1
}
