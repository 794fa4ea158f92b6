import type { DeliveryState } from '../../domain/delivery.js'
import type { Db } from '../pool.js'
import type { ClaimedDelivery } from './claim-delivery.js'

/** What came of a claimed delivery. */
export type DeliveryEnd =
  | { readonly state: Exclude<DeliveryState, 'pending'>; readonly error?: string }
  | { readonly state: 'pending'; readonly error: string; readonly pauseMs: number }

/** Records it, unless somebody else has taken the delivery over meanwhile. */
export async function settleDelivery(
  db: Db,
  { tenant, id, claim }: Pick<ClaimedDelivery, 'tenant' | 'id' | 'claim'>,
  end: DeliveryEnd,
): Promise<void> {
  await db.of(tenant).query({
    name: 'settle-delivery',
    text: `
      update deliveries set state = $4, claim = null, last_error = $5,
        next_at = clock_timestamp() + $6 * interval '1 millisecond',
        ended_at = case when $4 = 'pending' then null else clock_timestamp() end
      where tenant = $1 and id = $2 and claim = $3 and state = 'pending'`,
    values: [tenant, id, claim, end.state, end.error ?? null, 'pauseMs' in end ? end.pauseMs : 0],
  })
}
