import type { JsonObject } from '../../domain/json.js'
import type { Db } from '../pool.js'
import type { CallRef } from './record-intent.js'
import type { CallOutcome } from './record-outcome.js'

/**
 * Records what was read for a decision, as the look that the call's generation counts, and as the outcome of the read what
 * its agent may see of it; the first observation stands. False if another one stands, or if the answer of a further look
 * came later than `withinMs` after its attempt: what is old by then says nothing of now.
 */
export async function recordObservation(
  db: Db,
  call: CallRef,
  attempt: number,
  observation: { readonly tool: string; readonly output: JsonObject; readonly output_digest: string },
  seen: Pick<CallOutcome, 'output' | 'cut'>,
  withinMs: number,
): Promise<boolean> {
  const { rowCount } = await db.of(call.tenant).query({
    name: 'record-observation',
    text: `
      with outcome as (
        insert into outcomes (tenant, action_id, step, phase, generation, attempt, effect, output, cut)
        select $1, $2, $3, $4, $5, $6, 'committed', $10, $11
        where $5 = 0 or exists (select from attempts where tenant = $1 and action_id = $2 and step = $3 and phase = $4
          and generation = $5 and attempt = $6 and attempted_at > clock_timestamp() - $12 * interval '1 millisecond')
        on conflict do nothing returning 1)
      insert into observations (tenant, action_id, step, look, tool, output, output_digest)
      select $1, $2, $3, $5, $7, $8, $9 from outcome on conflict do nothing`,
    values: [
      call.tenant,
      call.action_id,
      call.step,
      call.phase,
      call.generation,
      attempt,
      observation.tool,
      JSON.stringify(observation.output),
      observation.output_digest,
      JSON.stringify(seen.output),
      seen.cut ? JSON.stringify(seen.cut) : null,
      withinMs,
    ],
  })
  return rowCount === 1
}
