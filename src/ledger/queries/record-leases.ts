import type { Db } from '../pool.js'
import type { CallRef } from './record-intent.js'

/** A lease as it is recorded. `revoke-failed`: it ends by itself, at `expires_at` if it ends at all. */
export interface LeaseFact {
  readonly name: string
  readonly lease_id: string
  readonly state: 'leased' | 'revoked' | 'revoke-failed'
  readonly purpose: 'call' | 'verify'
  readonly source: string
  /** ISO 8601; null if it does not end by itself. */
  readonly expires_at: string | null
}

/** Records leases of one attempt, or how they ended. */
export async function recordLeases(
  db: Db,
  call: CallRef,
  attempt: number,
  leases: readonly LeaseFact[],
): Promise<void> {
  await db.of(call.tenant).query({
    name: 'record-leases',
    text: `
      insert into leases (tenant, action_id, step, phase, generation, attempt, name, lease_id, state, purpose, source, expires_at)
      select $1, $2, $3, $4, $5, $6, name, lease_id, state, purpose, source, expires_at from jsonb_to_recordset($7)
        as given (name text, lease_id text, state text, purpose text, source text, expires_at timestamptz)
      on conflict do nothing`,
    values: [call.tenant, call.action_id, call.step, call.phase, call.generation, attempt, JSON.stringify(leases)],
  })
}
