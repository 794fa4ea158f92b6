import { type Db, inTransaction, type Pool } from '../pool.js'
import type { Notice } from './record-notices.js'

export interface ClaimedDelivery {
  readonly tenant: string
  readonly id: string
  readonly action_id: string
  readonly approval_id: string | null
  readonly attention_id: string | null
  readonly kind: Notice['kind']
  readonly ordinal: number
  readonly noticed_at: string
  /** Where it stood when it was closed; null where it is not, or was before that was noted. */
  readonly closed_as: string | null
  readonly channel: string
  readonly address: string
  readonly recipients: readonly string[]
  readonly claim: string
  /** This one counted. */
  readonly tries: number
  readonly age_ms: number
  /** Whether the address may have been told something else about the same thing before. */
  readonly told: boolean
  /** A later reminder of the same thing, for these people at least, waits for the same address. */
  readonly outdated: boolean
}

interface Wish {
  readonly channel: string
  readonly claim: string
  readonly leaseMs: number
}

/**
 * Takes the next delivery of a channel whose turn it is, for `leaseMs`: after that somebody else may. Of what one address
 * gets about one thing only the first that is pending has its turn, so that it comes in order; what is about something else
 * goes on, though an address gets one thing at a time: those that claim of one channel take turns. Null where there is none.
 */
export function claimDelivery(pool: Pool, tenant: string, wish: Wish): Promise<ClaimedDelivery | null> {
  return inTransaction(pool, async (db) => {
    await db.of(tenant).query('select pg_advisory_xact_lock(hashtextextended($1, 2))', [`${tenant}/${wish.channel}`])
    return claimNext(db, tenant, wish)
  })
}

async function claimNext(db: Db, tenant: string, { channel, claim, leaseMs }: Wish): Promise<ClaimedDelivery | null> {
  const { rows } = await db.of(tenant).query<ClaimedDelivery>({
    name: 'claim-delivery',
    text: `
      with next as (
        select d.id from deliveries d
        where d.tenant = $1 and d.channel = $2 and d.state = 'pending' and d.next_at <= clock_timestamp()
          and not exists (select from deliveries e
            where (e.tenant, e.channel, e.address, e.about, e.state)
              = (d.tenant, d.channel, d.address, d.about, 'pending') and e.seq < d.seq)
          and not exists (select from deliveries e
            where (e.tenant, e.channel, e.address, e.state) = (d.tenant, d.channel, d.address, 'pending')
              and e.claim is not null and e.next_at > clock_timestamp())
        order by d.next_at, d.seq limit 1 for update skip locked),
      claimed as (
        update deliveries d set claim = $3, tries = d.tries + 1, next_at = clock_timestamp() + $4 * interval '1 millisecond'
        from next where d.tenant = $1 and d.id = next.id returning d.*)
      select c.tenant, c.id, c.action_id, n.approval_id, n.attention_id, c.kind, c.ordinal,
        to_json(n.noticed_at)#>>'{}' as noticed_at, n.closed_as, c.channel, c.address, c.recipients, c.claim, c.tries,
        (extract(epoch from clock_timestamp() - c.queued_at) * 1000)::float8 as age_ms,
        exists (select from deliveries e
          where (e.tenant, e.about, e.channel, e.address) = (c.tenant, c.about, c.channel, c.address)
            and e.seq < c.seq and (e.state = 'delivered' or e.tries > 1)) as told,
        exists (select from deliveries e
          where (e.tenant, e.about, e.channel, e.address, e.kind) = (c.tenant, c.about, c.channel, c.address, 'reminder')
            and c.kind = 'reminder' and e.seq > c.seq and e.recipients @> c.recipients) as outdated
      from claimed c join notices n using (tenant, about, kind, ordinal)`,
    values: [tenant, channel, claim, leaseMs],
  })
  return rows[0] ?? null
}
