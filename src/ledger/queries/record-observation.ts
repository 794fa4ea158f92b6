import type { JsonObject } from '../../domain/json.js'
import type { Db } from '../pool.js'
import type { CallRef } from './record-intent.js'
import type { CallOutcome } from './record-outcome.js'

/**
 * Records what was read for a decision, and as the outcome of the read what its agent may see of it; the first
 * observation stands. False if another one stands.
 */
export async function recordObservation(
  db: Db,
  call: CallRef,
  attempt: number,
  observation: { readonly tool: string; readonly output: JsonObject; readonly output_digest: string },
  seen: Pick<CallOutcome, 'output' | 'cut'>,
): Promise<boolean> {
  const { rowCount } = await db.of(call.tenant).query({
    name: 'record-observation',
    text: `
      with outcome as (
        insert into outcomes (tenant, action_id, step, phase, generation, attempt, effect, output, cut)
        values ($1, $2, $3, $4, $5, $6, 'committed', $10, $11) on conflict do nothing returning 1)
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
      JSON.stringify(seen.output),
      seen.cut ? JSON.stringify(seen.cut) : null,
    ],
  })
  return rowCount === 1
}
