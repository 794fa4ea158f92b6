import type { Db } from '../pool.js'

/**
 * Takes the authority of a tenant until the end of the transaction: what is read after this is changed by nobody else.
 * Resolves to its revision, which stands until then.
 */
export async function takeAuthority(db: Db, tenant: string): Promise<number> {
  const { rows } = await db.of(tenant).query<{ revision: number }>('select take_authority($1) as revision', [tenant])
  return (rows[0] as { revision: number }).revision
}
