import type { Effect } from '../../domain/lifecycle.js'
import type { Db } from '../pool.js'
import type { CallRef } from './record-intent.js'

/** Records what the real system showed; the first finding stands. False if another one stands. */
export async function recordVerification(
  db: Db,
  call: CallRef,
  found: Effect,
  detail: string | null,
): Promise<boolean> {
  const { rowCount } = await db.of(call.tenant).query({
    name: 'record-verification',
    text: `
      insert into verifications (tenant, action_id, step, phase, generation, found, detail)
      values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`,
    values: [call.tenant, call.action_id, call.step, call.phase, call.generation, found, detail],
  })
  return rowCount === 1
}
