import type { JsonObject } from '../../domain/json.js'
import type { Db } from '../pool.js'
import type { CallRef } from './record-intent.js'

/** Records what was read for a decision, together with the outcome of the read; the first observation stands. False if another one stands. */
export async function recordObservation(
  db: Db,
  call: CallRef,
  attempt: number,
  observation: { readonly tool: string; readonly output: JsonObject; readonly output_digest: string },
): Promise<boolean> {
  const { rowCount } = await db.of(call.tenant).query({
    name: 'record-observation',
    text: `
      with outcome as (
        insert into outcomes (tenant, action_id, step, phase, generation, attempt, effect, output)
        values ($1, $2, $3, $4, $5, $6, 'committed', $8) on conflict do nothing returning 1)
      insert into observations (tenant, action_id, step, tool, output, output_digest)
      select $1, $2, $3, $7, $8, $9 from outcome on conflict do nothing`,
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
    ],
  })
  return rowCount === 1
}
