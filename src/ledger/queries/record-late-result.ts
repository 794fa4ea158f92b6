import type { Db } from '../pool.js'
import type { CallRef } from './record-intent.js'
import type { CallOutcome } from './record-outcome.js'

/** Keeps an answer that came when something else was recorded already; the first of an attempt stands. */
export async function recordLateResult(db: Db, call: CallRef, attempt: number, result: CallOutcome): Promise<void> {
  await db.of(call.tenant).query({
    name: 'record-late-result',
    text: `
      insert into late_results (tenant, action_id, step, phase, generation, attempt, effect, output, cut, error)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing`,
    values: [
      call.tenant,
      call.action_id,
      call.step,
      call.phase,
      call.generation,
      attempt,
      result.effect,
      result.output && JSON.stringify(result.output),
      result.cut ? JSON.stringify(result.cut) : null,
      result.error && JSON.stringify(result.error),
    ],
  })
}
