import type { PendingRule } from '../../domain/stop.js'
import type { Db } from '../pool.js'

export interface StopOrder {
  readonly tenant: string
  readonly scope: string
  readonly state: 'stopped' | 'resumed'
  readonly pending: PendingRule
  readonly reason: string
  readonly by: string
  /** The authority that entitles whoever orders it; null for an operator. */
  readonly authority_revision: number | null
}

/**
 * Stops a scope, or resumes it where it is stopped. Once this resolves to `recorded` no intent and no attempt of it
 * commits. `moved`: the authority is another one by now. `not-stopped`: there is nothing to resume.
 */
export async function recordStop(db: Db, order: StopOrder): Promise<'recorded' | 'moved' | 'not-stopped'> {
  const { rows } = await db.of(order.tenant).query<{ held: boolean; recorded: boolean; stopped: boolean }>(
    `with held as materialized (select $7::bigint is null or claim_authority($1, $7) as ok),
     last as materialized (
       select revision, state from stops, held where ok and tenant = $1 and scope = $2 order by revision desc limit 1),
     recorded as (
       insert into stops (tenant, scope, revision, state, pending, reason, recorded_by)
       select $1, $2, coalesce((select revision from last), 0) + 1, $3, $4, $5, $6 from held
       where ok and ($3 = 'stopped' or (select state from last) = 'stopped')
       on conflict do nothing returning 1)
     select held.ok as held, exists (select from recorded) as recorded,
       coalesce((select state = 'stopped' from last), false) as stopped
     from held`,
    [order.tenant, order.scope, order.state, order.pending, order.reason, order.by, order.authority_revision],
  )
  const answer = rows[0]
  if (!answer?.held) return 'moved'
  if (answer.recorded) return 'recorded'
  // Somebody else took the revision at the same moment: this one comes after it.
  return order.state === 'stopped' || answer.stopped ? recordStop(db, order) : 'not-stopped'
}
