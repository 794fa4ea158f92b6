import type { Db } from '../pool.js'
import type { AccountRow } from './load-authority.js'

/** Adds that an identity of an issuer now is, or no longer is, a principal. */
export async function recordAccount(db: Db, tenant: string, account: AccountRow, by: string): Promise<void> {
  await db.of(tenant).query(
    `insert into accounts (tenant, issuer, subject, revision, principal, state, recorded_by)
     select $1, $2, $3, coalesce(max(revision), 0) + 1, $4, $5, $6 from accounts where tenant = $1 and issuer = $2 and subject = $3`,
    [tenant, account.issuer, account.subject, account.principal, account.state, by],
  )
}
