import type { Db } from '../pool.js'

/** Adds the present state of a credential. Only the hash of a token is ever stored. */
export async function recordCredential(
  db: Db,
  tenant: string,
  credential: {
    readonly credential_id: string
    readonly principal: string
    readonly token_hash: string
    readonly state: 'live' | 'revoked'
  },
  by: string,
): Promise<void> {
  await db.of(tenant).query(
    `insert into credentials (tenant, credential_id, revision, principal, token_hash, state, recorded_by)
     select $1, $2, coalesce(max(revision), 0) + 1, $3, $4, $5, $6 from credentials where tenant = $1 and credential_id = $2`,
    [tenant, credential.credential_id, credential.principal, credential.token_hash, credential.state, by],
  )
}
