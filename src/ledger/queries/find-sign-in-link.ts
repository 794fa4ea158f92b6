import type { Db } from '../pool.js'

/** What the ledger keeps of the credential behind a sign-in. */
export interface LinkRow<Credential> {
  readonly principal: string
  readonly credential: Credential
}

/** A link that was not used and is not too old, by the hash of its code. */
export async function findSignInLink<Credential>(
  db: Db,
  tenant: string,
  codeHash: string,
): Promise<LinkRow<Credential> | null> {
  const { rows } = await db.of(tenant).query<LinkRow<Credential>>(
    `select principal, credential from sign_in_links l
     where tenant = $1 and code_hash = $2 and expires_at > clock_timestamp()
       and not exists (select from sign_ins s where s.tenant = l.tenant and s.link_hash = l.code_hash)`,
    [tenant, codeHash],
  )
  return rows[0] ?? null
}
