import { ExequaturError } from '../domain/errors.js'
import type { Authorities, Authority } from '../identity/authority.js'
import { hashToken, tenantOfToken } from '../identity/token.js'
import type { Caller } from './control-plane.js'

/**
 * The live principal behind a bearer token. With `fresh` the ledger is asked whether the authority moved; without it
 * the last known one is used, for calls that the ledger guards by its revision. Throws `EXQ-2001`.
 */
export async function authenticate(
  authorities: Authorities,
  token: string | undefined,
  fresh: boolean,
): Promise<Caller> {
  const tenant = token && tenantOfToken(token)
  const authority = tenant ? await (fresh ? authorities.current(tenant) : authorities.known(tenant)) : null
  const caller = token && authority ? holderOf(authority, hashToken(token)) : null
  if (!caller) {
    if (!fresh && tenant) return authenticate(authorities, token, true)
    throw new ExequaturError('EXQ-2001', token ? 'the token is not, or no longer, valid' : 'no bearer token was sent')
  }
  return caller
}

/** The caller under the present authority. Throws `EXQ-2001` if its token was revoked meanwhile. */
export async function authenticateAgain(authorities: Authorities, caller: Caller): Promise<Caller> {
  const authority = await authorities.current(caller.tenant)
  const again = authority && holderOf(authority, caller.credential.tokenHash)
  if (!again) throw new ExequaturError('EXQ-2001', 'the token was revoked')
  return again
}

/** Whoever holds one of our own tokens: itself, on nobody else's behalf. */
function holderOf(authority: Authority, tokenHash: string): Caller | null {
  const principal = authority.holderOf(tokenHash)
  const credential = authority.credentialBy(tokenHash)
  if (!principal || !credential) return null
  return {
    tenant: authority.tenant,
    principal,
    authority,
    account: `token:${credential.credential_id}`,
    onBehalfOf: null,
    actors: [],
    session: null,
    scopes: [],
    credential: { tokenHash },
  }
}
