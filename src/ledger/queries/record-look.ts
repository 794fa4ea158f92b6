import type { JsonObject } from '../../domain/json.js'
import type { Effect } from '../../domain/lifecycle.js'
import type { Db } from '../pool.js'
import type { CallRef } from './record-intent.js'

/** What one question to the real system showed. */
export interface Finding {
  readonly found: Effect
  readonly detail: string | null
  /** What had to be found, and what was; null where nothing was to compare. */
  readonly claimed: JsonObject | null
  readonly observed: JsonObject | null
  /** The output of the call, as the real system still has it. */
  readonly output: JsonObject | null
}

export interface LookTime {
  readonly tookMs: number
  /** By the ledger's clock, in milliseconds: it began no later, however long it was on its way to the ledger. */
  readonly beganBy?: number | null
}

/**
 * Records a look that began `tookMs` ago. As `settles` it is also what is known of the call from now on: the first such
 * finding stands. False if it was to settle the call and does not: another one stands, or it came too early.
 */
export async function recordLook(
  db: Db,
  call: CallRef,
  finding: Finding,
  { tookMs, beganBy, settles }: LookTime & { readonly settles: boolean },
): Promise<boolean> {
  const { rows } = await db.of(call.tenant).query<{ settled: boolean }>({
    name: 'record-look',
    text: `
      with given as materialized (select least(clock_timestamp() - $11 * interval '1 millisecond', to_timestamp($13::float8 / 1000)) as began_at),
      looked as (
        insert into looks (tenant, action_id, step, phase, generation, found, detail, claimed, observed, output, began_at)
        select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, began_at from given),
      settled as (
        insert into verifications (tenant, action_id, step, phase, generation, found, detail, claimed, observed, output, began_at)
        select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, began_at from given where $12
        on conflict do nothing returning 1)
      select exists (select from settled) as settled`,
    values: [
      call.tenant,
      call.action_id,
      call.step,
      call.phase,
      call.generation,
      finding.found,
      finding.detail,
      stored(finding.claimed),
      stored(finding.observed),
      stored(finding.output),
      Math.ceil(tookMs),
      settles,
      beganBy ?? null,
    ],
  })
  return !settles || rows[0]?.settled === true
}

function stored(value: JsonObject | null): string | null {
  return value && JSON.stringify(value)
}
