import type { ActionRef } from '../../domain/activities.js'
import type { Phase } from '../../domain/lifecycle.js'
import type { Db } from '../pool.js'
import type { LeaseFact } from './record-leases.js'

export interface LeaseRow extends LeaseFact {
  readonly step: string
  readonly phase: Phase
  readonly attempt: number
  readonly recorded_at: string
}

/** The credentials that were leased for an action, and how they ended, in order. */
export async function loadLeases(db: Db, ref: ActionRef): Promise<LeaseRow[]> {
  const { rows } = await db.of(ref.tenant).query<LeaseRow>(
    `select step, phase, attempt, name, lease_id, state, purpose, source,
       to_json(expires_at)#>>'{}' as expires_at, to_json(recorded_at)#>>'{}' as recorded_at
     from leases where tenant = $1 and action_id = $2 order by recorded_at`,
    [ref.tenant, ref.action_id],
  )
  return rows
}
