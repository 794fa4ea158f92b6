import type { Db } from '../pool.js'

/** Has something that was not delivered tried at once. False where there is nothing to try. */
export async function retryDelivery(db: Db, tenant: string, id: string): Promise<boolean> {
  const { rowCount } = await db.of(tenant).query(
    `update deliveries set state = 'pending', ended_at = null,
       next_at = case when claim is null then clock_timestamp() else next_at end
     where tenant = $1 and id = $2 and state in ('pending', 'given-up')`,
    [tenant, id],
  )
  return rowCount === 1
}
