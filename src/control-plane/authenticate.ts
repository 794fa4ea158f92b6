import { ExequaturError } from '../domain/errors.js'
import { isJwt, type VerifyAccessToken } from '../identity/access-tokens.js'
import { accountKey } from '../identity/account-key.js'
import type { Authorities, Authority } from '../identity/authority.js'
import { resolveIdentity } from '../identity/resolve-identity.js'
import { hashToken, tenantOfToken } from '../identity/token.js'
import type { TokenClaims } from '../identity/token-claims.js'
import type { AccountRow } from '../ledger/queries/load-authority.js'
import type { Caller } from './control-plane.js'

export interface AuthenticationDeps {
  readonly authorities: Authorities
  readonly accessTokens?: VerifyAccessToken | undefined
}

/**
 * The live principal behind a bearer token: one of our own, or an access token of a configured issuer. With `fresh` the
 * ledger is asked whether the authority moved; without it the last known one is used, for calls that the ledger guards
 * by its revision. Throws `EXQ-2001`, `EXQ-2010`-`EXQ-2017`.
 */
export async function authenticate(
  deps: AuthenticationDeps,
  token: string | undefined,
  fresh: boolean,
): Promise<Caller> {
  if (!token) throw new ExequaturError('EXQ-2001', 'no bearer token was sent')
  if (deps.accessTokens && isJwt(token)) return bearerOf(deps.authorities, await deps.accessTokens(token), fresh)
  const tenant = tenantOfToken(token)
  const authority = tenant ? await (fresh ? deps.authorities.current(tenant) : deps.authorities.known(tenant)) : null
  const caller = authority && holderOf(authority, hashToken(token))
  if (caller) return caller
  if (!fresh && tenant) return authenticate(deps, token, true)
  throw whyNobodys(authority, hashToken(token))
}

/** The caller under the present authority. Throws as {@link authenticate} does if the credential ended meanwhile. */
export async function authenticateAgain(authorities: Authorities, caller: Caller): Promise<Caller> {
  const again = await callerBy(authorities, caller.tenant, caller.credential)
  return caller.signIn ? { ...again, signIn: caller.signIn } : again
}

/** Whoever a credential that was verified before stands for now. Throws as {@link authenticate} does where it ended. */
export async function callerBy(
  authorities: Authorities,
  tenant: string,
  credential: Caller['credential'],
): Promise<Caller> {
  if ('claims' in credential) return bearerOf(authorities, credential.claims, true)
  if ('vouched' in credential) return vouchedAgain(authorities, tenant, credential.vouched)
  const authority = await authorities.current(tenant)
  const caller = authority && holderOf(authority, credential.tokenHash)
  if (!caller) throw whyNobodys(authority, credential.tokenHash)
  return caller
}

/** The live principal that an account is linked to now, for whom somebody else vouches; null if it is nobody. Throws `EXQ-2015`. */
export async function callerByAccount(
  authorities: Authorities,
  tenant: string,
  account: Pick<AccountRow, 'issuer' | 'subject'>,
): Promise<Caller | null> {
  const authority = await authorities.current(tenant)
  const key = accountKey(account.issuer, account.subject)
  const link = authority?.accountBy(key)
  const principal = link?.state === 'live' ? authority?.principal(link.principal) : undefined
  if (!authority || !principal) return null
  if (principal.state !== 'live') throw new ExequaturError('EXQ-2015', `${principal.principal} is ${principal.state}`)
  const nothingElse = { onBehalfOf: null, actors: [], session: null, scopes: [] }
  return { tenant, principal, authority, account: key, ...nothingElse, credential: { vouched: account } }
}

async function vouchedAgain(
  authorities: Authorities,
  tenant: string,
  account: Pick<AccountRow, 'issuer' | 'subject'>,
): Promise<Caller> {
  const caller = await callerByAccount(authorities, tenant, account)
  if (!caller) throw new ExequaturError('EXQ-2014', `${account.subject} of ${account.issuer} is no longer linked`)
  return caller
}

/** Why one of our own tokens lets nobody in: it is not known, or its holder is held back. */
function whyNobodys(authority: Authority | null, tokenHash: string): ExequaturError {
  const holder = authority?.principal(authority.credentialBy(tokenHash)?.principal ?? '')
  if (holder) return new ExequaturError('EXQ-2015', `${holder.principal} is ${holder.state}`)
  return new ExequaturError('EXQ-2001', 'the token is not, or no longer, valid')
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

/** Whoever a verified access token stands for, and for whom it acts. */
async function bearerOf(authorities: Authorities, claims: TokenClaims, fresh: boolean): Promise<Caller> {
  if (Date.now() >= claims.endsAt) throw new ExequaturError('EXQ-2012', 'its `exp` has passed')
  const { tenant, session, scopes } = claims
  const authority = await (fresh ? authorities.current(tenant) : authorities.known(tenant))
  if (!authority) throw new ExequaturError('EXQ-2014', `nobody is known in ${tenant} yet`)
  try {
    return { tenant, authority, session, scopes, ...resolveIdentity(claims, authority), credential: { claims } }
  } catch (error) {
    // What was known last may be old: only the present says that somebody is not known.
    if (!fresh) return bearerOf(authorities, claims, true)
    throw error
  }
}
