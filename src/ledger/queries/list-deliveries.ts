import type { DeliveryState } from '../../domain/delivery.js'
import type { Db } from '../pool.js'
import type { Notice } from './record-notices.js'

/** A delivery as it is listed. Times are ISO 8601. */
export interface DeliveryRow {
  readonly id: string
  readonly channel: string
  readonly to: string
  readonly recipients: readonly string[]
  readonly about: { readonly kind: 'approval' | 'attention'; readonly id: string }
  readonly action_id: string
  readonly notice: Notice['kind']
  readonly ordinal: number
  readonly state: DeliveryState
  readonly tries: number
  readonly queued_at: string
  readonly age_seconds: number
  /** When it is tried next; null where it is not. */
  readonly next_at: string | null
  /** Why it did not arrive the last time. */
  readonly last_error: string | null
}

const columns = `
  d.id, d.channel, d.address as to, d.recipients, d.action_id, d.kind as notice, d.ordinal, d.state, d.tries, d.last_error,
  jsonb_build_object('kind', case when n.approval_id is null then 'attention' else 'approval' end, 'id', d.about) as about,
  to_json(d.queued_at)#>>'{}' as queued_at,
  floor(extract(epoch from clock_timestamp() - d.queued_at))::int as age_seconds,
  case when d.state = 'pending' then to_json(d.next_at)#>>'{}' end as next_at`
const from = 'from deliveries d join notices n using (tenant, about, kind, ordinal)'

/** What a tenant has not delivered, oldest first: what is pending, and what was given up. */
export async function listDeliveries(
  db: Db,
  tenant: string,
  {
    after,
    limit,
  }: { readonly after: { readonly queued_at: string; readonly id: string } | null; readonly limit: number },
): Promise<DeliveryRow[]> {
  const { rows } = await db.of(tenant).query<DeliveryRow>({
    name: 'list-deliveries',
    text: `
      select ${columns} ${from} where d.tenant = $1 and d.state in ('pending', 'given-up')
        and (d.queued_at, d.id) > (coalesce($2::timestamptz, '-infinity'), $3)
      order by d.queued_at, d.id limit $4`,
    values: [tenant, after?.queued_at ?? null, after?.id ?? '', limit],
  })
  return rows
}

export async function findDelivery(db: Db, tenant: string, id: string): Promise<DeliveryRow | null> {
  const { rows } = await db.of(tenant).query<DeliveryRow>({
    name: 'find-delivery',
    text: `select ${columns} ${from} where d.tenant = $1 and d.id = $2`,
    values: [tenant, id],
  })
  return rows[0] ?? null
}
