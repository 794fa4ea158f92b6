import type { Db } from '../pool.js'

/** Holds the authority of a tenant until the end of the transaction: what is read after this is changed by nobody else. */
export async function takeAuthority(db: Db, tenant: string): Promise<void> {
  await db.of(tenant).query('select take_authority($1)', [tenant])
}
