import type { PrincipalEvent } from '../../domain/principal.js'
import type { Db } from '../pool.js'
import type { PrincipalRow } from './load-authority.js'

/** What happened to a principal, and what it is since. */
export interface PrincipalChange extends Omit<PrincipalRow, 'contact'> {
  readonly contact?: string | null
  /** Left out where only the state is known. */
  readonly event?: PrincipalEvent
  readonly reason?: string | null
}

/** Adds an event to the life of a principal, and with it its present state. */
export async function recordPrincipal(db: Db, tenant: string, change: PrincipalChange, by: string): Promise<void> {
  const { principal, kind, state, owner, environment, contact = null, event = 'recorded', reason = null } = change
  await db.of(tenant).query(
    `insert into principals (tenant, principal, revision, kind, state, owner, environment, contact, event, reason, recorded_by)
     select $1, $2, coalesce(max(revision), 0) + 1, $3, $4, $5, $6, $7, $8, $9, $10
     from principals where tenant = $1 and principal = $2`,
    [tenant, principal, kind, state, owner, environment, contact, event, reason, by],
  )
}
