import type { Db } from '../pool.js'

/** Adds a sign-in link; resolves to when it ends, by the ledger's clock. */
export async function recordSignInLink(
  db: Db,
  tenant: string,
  link: {
    readonly code_hash: string
    readonly principal: string
    readonly credential: object
    readonly for_ms: number
  },
): Promise<string> {
  const { rows } = await db.of(tenant).query<{ expires_at: Date }>(
    `insert into sign_in_links (tenant, code_hash, principal, credential, given_at, expires_at)
     select $1, $2, $3, $4, now, now + make_interval(secs => $5 / 1000.0) from clock_timestamp() as now
     returning expires_at`,
    [tenant, link.code_hash, link.principal, link.credential, link.for_ms],
  )
  return (rows[0] as { expires_at: Date }).expires_at.toISOString()
}
