import { crashPoint } from '../../crash-point.js'
import type { ErrorCode } from '../../domain/errors.js'
import type { JsonObject } from '../../domain/json.js'
import type { Cut } from '../../domain/view.js'
import type { Db } from '../pool.js'
import type { CallRef } from './record-intent.js'

export interface CallOutcome {
  readonly effect: 'committed' | 'not-committed' | 'unknown'
  readonly output: JsonObject | null
  /** What was taken out of the output. */
  readonly cut?: Cut | null
  readonly error: { readonly code: ErrorCode; readonly detail: string } | null
  /** The tool was not called at all; not recorded. */
  readonly made?: false
  /** The answer was that the system is not there just now; not recorded. */
  readonly unavailable?: true
}

/**
 * Records what an attempt came to; the first answer per attempt, and the first definite one per call, stand. Resolves
 * to the effect as it was recorded: a refusal is `unknown` while another attempt may have been applied. Null if another
 * answer stands. `toVerify` moves the action on to its verification, unless nothing was changed.
 */
export async function recordOutcome(
  db: Db,
  call: CallRef,
  attempt: number,
  outcome: CallOutcome,
  toVerify = false,
): Promise<CallOutcome['effect'] | null> {
  crashPoint('outcome.unwritten')
  const { rows } = await db.of(call.tenant).query<{ effect: CallOutcome['effect'] }>({
    name: 'record-outcome',
    text: `
      with recorded as (
        insert into outcomes (tenant, action_id, step, phase, generation, attempt, effect, output, error, cut)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $11) on conflict do nothing returning effect),
      moved as (
        update actions set stage = 'verification' from recorded
        where $10 and recorded.effect <> 'not-committed' and tenant = $1 and id = $2 and outcome is null)
      select effect from recorded`,
    values: [
      call.tenant,
      call.action_id,
      call.step,
      call.phase,
      call.generation,
      attempt,
      outcome.effect,
      outcome.output && JSON.stringify(outcome.output),
      outcome.error && JSON.stringify(outcome.error),
      toVerify,
      outcome.cut ? JSON.stringify(outcome.cut) : null,
    ],
  })
  crashPoint('outcome.unanswered')
  return rows[0]?.effect ?? null
}
