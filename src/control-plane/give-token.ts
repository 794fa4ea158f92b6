import { randomUUID } from 'node:crypto'
import { hashToken, mintToken } from '../identity/token.js'
import type { Db } from '../ledger/pool.js'
import { recordCredential } from '../ledger/queries/record-credential.js'

/** A new token of a principal; only its hash stays. */
export async function giveToken(db: Db, tenant: string, principal: string, by: string): Promise<string> {
  const token = mintToken(tenant)
  const credential = { credential_id: `crd_${randomUUID()}`, principal, token_hash: hashToken(token) }
  await recordCredential(db, tenant, { ...credential, state: 'live' }, by)
  return token
}
