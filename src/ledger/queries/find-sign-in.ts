import type { Db } from '../pool.js'

export interface SignInRow<Credential> {
  readonly id: string
  readonly principal: string
  readonly credential: Credential
  /** ISO 8601. */
  readonly ends_at: string
  /** Since a use of it was recorded last. */
  readonly unused_ms: number
  /** Why it is over; null while it is not. */
  readonly ended: 'was ended' | 'is older than a suspension' | 'is too old' | 'was idle for too long' | null
}

/**
 * A sign-in by the hash of its secret, and whether it is over by the ledger's clock. It is for good once its person was
 * suspended: whoever is resumed signs in anew, and a thief does not.
 */
export async function findSignIn<Credential>(
  db: Db,
  tenant: string,
  secretHash: string,
  idleForMs: number,
): Promise<SignInRow<Credential> | null> {
  const { rows } = await db.of(tenant).query<Omit<SignInRow<Credential>, 'ends_at'> & { ends_at: Date }>({
    name: 'find-sign-in',
    text: `select id, principal, credential, ends_at, unused_ms,
       case when exists (select from sign_in_events e where e.tenant = s.tenant and e.sign_in = s.id and e.event = 'ended')
           then 'was ended'
         when exists (select from principals p
           where (p.tenant, p.principal, p.event) = (s.tenant, s.principal, 'resumed') and p.recorded_at >= s.signed_in_at)
           then 'is older than a suspension'
         when ends_at <= clock_timestamp() then 'is too old'
         when unused_ms >= $3 then 'was idle for too long' end as ended
     from sign_ins s, lateral (
       select extract(epoch from clock_timestamp() - coalesce(max(happened_at), s.signed_in_at))::float8 * 1000 as unused_ms
       from sign_in_events u where u.tenant = s.tenant and u.sign_in = s.id and u.event = 'used') used
     where tenant = $1 and secret_hash = $2`,
    values: [tenant, secretHash, idleForMs],
  })
  return rows[0] ? { ...rows[0], ends_at: rows[0].ends_at.toISOString() } : null
}
