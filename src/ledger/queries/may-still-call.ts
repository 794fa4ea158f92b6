import type { Db } from '../pool.js'
import type { CallRef } from './record-intent.js'

/** Is this still the newest attempt of a call that nobody has settled or decided on, of an action that is open? */
export async function mayStillCall(db: Db, call: CallRef, attempt: number): Promise<boolean> {
  const { rows } = await db.of(call.tenant).query<{ may: boolean }>({
    name: 'may-still-call',
    text: `
      with this as (select $1::text as tenant, $2::text as action_id, $3::text as step, $4::text as phase, $5::int as generation)
      select exists (select from actions a join this on a.tenant = this.tenant and a.id = this.action_id where a.outcome is null)
        and not exists (select from attempts join this using (tenant, action_id, step, phase, generation) where attempt > $6)
        and not exists (select from outcomes join this using (tenant, action_id, step, phase, generation) where effect <> 'unknown')
        and not exists (select from verifications join this using (tenant, action_id, step, phase, generation))
        and not exists (select from resolutions join this using (tenant, action_id, step, phase, generation)) as may`,
    values: [call.tenant, call.action_id, call.step, call.phase, call.generation, attempt],
  })
  return rows[0]?.may === true
}
