import type { Destination } from '../../domain/routing.js'
import type { Db } from '../pool.js'
import type { NoticeRow } from './unrouted-notices.js'

/** Queues a notice for its destinations, once: whoever comes second queues nothing. Resolves to how many were queued. */
export async function queueDeliveries(
  db: Db,
  tenant: string,
  notice: Pick<NoticeRow, 'about' | 'kind' | 'ordinal' | 'action_id'>,
  destinations: readonly (Destination & { readonly id: string })[],
): Promise<number> {
  const { rowCount } = await db.of(tenant).query({
    name: 'queue-deliveries',
    text: `
      with taken as (
        delete from unrouted_notices where (tenant, about, kind, ordinal) = ($1, $2, $3, $4) returning 1)
      insert into deliveries (tenant, id, about, kind, ordinal, action_id, channel, address, recipients)
      select $1, d.id, $2, $3, $4, $5, d.channel, d.address, array(select jsonb_array_elements_text(d.recipients))
      from taken, jsonb_to_recordset($6) as d (id text, channel text, address text, recipients jsonb)`,
    values: [tenant, notice.about, notice.kind, notice.ordinal, notice.action_id, JSON.stringify(destinations)],
  })
  return rowCount ?? 0
}
