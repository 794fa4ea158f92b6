import { type Db, inTransaction, type Pool } from '../ledger/pool.js'
import { type AuthorityRows, loadAuthority } from '../ledger/queries/load-authority.js'
import { takeAuthority } from '../ledger/queries/take-authority.js'

/**
 * Changes who may do what in a tenant, on the facts as they are while nobody else changes them. Once this resolves, no
 * intent that was decided on the old ones commits.
 */
export function changeAuthority<T>(
  pool: Pool,
  tenant: string,
  change: (db: Db, present: AuthorityRows) => Promise<T>,
): Promise<T> {
  return inTransaction(pool, async (db) => {
    await takeAuthority(db, tenant)
    return change(db, await loadAuthority(db, tenant))
  })
}
