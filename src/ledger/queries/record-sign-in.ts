import type { Db } from '../pool.js'

/**
 * Adds a sign-in; resolves to when it ends at the latest, by the ledger's clock. Null: it would have ended already, or its
 * link was used before, or is too old by now.
 */
export async function recordSignIn(
  db: Db,
  tenant: string,
  signIn: {
    readonly id: string
    readonly secret_hash: string
    readonly principal: string
    readonly credential: object
    readonly way: 'link' | 'oidc'
    readonly link_hash: string | null
    readonly for_ms: number
    /** ISO 8601; null: as long as `for_ms` says. */
    readonly at_most_until: string | null
  },
): Promise<string | null> {
  const { rows } = await db.of(tenant).query<{ ends_at: Date }>(
    `insert into sign_ins (tenant, id, secret_hash, principal, credential, way, link_hash, signed_in_at, ends_at)
     select $1, $2, $3, $4, $5, $6, $7, now, ends_at
     from clock_timestamp() as now,
       lateral (select least(now + make_interval(secs => $8 / 1000.0), $9::timestamptz) as ends_at) e
     where ends_at > now and ($7::text is null or exists (
       select from sign_in_links where tenant = $1 and code_hash = $7 and principal = $4 and expires_at > now))
     on conflict do nothing returning ends_at`,
    [
      tenant,
      signIn.id,
      signIn.secret_hash,
      signIn.principal,
      signIn.credential,
      signIn.way,
      signIn.link_hash,
      signIn.for_ms,
      signIn.at_most_until,
    ],
  )
  return rows[0]?.ends_at.toISOString() ?? null
}
