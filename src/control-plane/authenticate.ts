import { ExequaturError } from '../domain/errors.js'
import type { Authorities } from '../identity/authority.js'
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
  const tokenHash = hashToken(token ?? '')
  const authority = tenant ? await (fresh ? authorities.current(tenant) : authorities.known(tenant)) : null
  const principal = authority?.holderOf(tokenHash)
  if (!tenant || !authority || !principal) {
    if (!fresh && tenant) return authenticate(authorities, token, true)
    throw new ExequaturError('EXQ-2001', token ? 'the token is not, or no longer, valid' : 'no bearer token was sent')
  }
  return { tenant, principal, authority, tokenHash }
}

/** The caller under the present authority. Throws `EXQ-2001` if its token was revoked meanwhile. */
export async function authenticateAgain(authorities: Authorities, caller: Caller): Promise<Caller> {
  const authority = await authorities.current(caller.tenant)
  const principal = authority?.holderOf(caller.tokenHash)
  if (!authority || !principal) throw new ExequaturError('EXQ-2001', 'the token was revoked')
  return { ...caller, principal, authority }
}
