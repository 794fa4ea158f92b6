import type { Db } from '../pool.js'
import type { PrincipalRow } from './load-authority.js'

/** Adds the present state of a principal. */
export async function recordPrincipal(db: Db, tenant: string, row: PrincipalRow, by: string): Promise<void> {
  await db.of(tenant).query(
    `insert into principals (tenant, principal, revision, kind, state, owner, environment, recorded_by)
     select $1, $2, coalesce(max(revision), 0) + 1, $3, $4, $5, $6, $7 from principals where tenant = $1 and principal = $2`,
    [tenant, row.principal, row.kind, row.state, row.owner, row.environment, by],
  )
}
