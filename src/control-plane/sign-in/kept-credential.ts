import type { Issuer } from '../../contract/issuer.js'
import { ExequaturError } from '../../domain/errors.js'
import type { TokenClaims } from '../../identity/token-claims.js'
import type { Caller } from '../control-plane.js'

/** The credential behind a sign-in, as the ledger keeps it: no secret, and no configuration of its issuer. */
export type KeptCredential =
  | { readonly token_hash: string }
  | { readonly claims: Omit<TokenClaims, 'issuer'> & { readonly issuer: string } }

/** Throws `EXQ-2035` for what somebody else vouches for: that lets people decide, and signs nobody in. */
export function keepCredential(credential: Caller['credential']): KeptCredential {
  if ('tokenHash' in credential) return { token_hash: credential.tokenHash }
  if ('vouched' in credential) throw new ExequaturError('EXQ-2035', 'nobody signs in through Slack')
  const { issuer, ...claims } = credential.claims
  return { claims: { ...claims, issuer: issuer.issuer } }
}

/** The credential again, with its issuer as it is configured now. Throws `EXQ-2010` where it no longer is. */
export function recallCredential(kept: KeptCredential, issuers: readonly Issuer[]): Caller['credential'] {
  if ('token_hash' in kept) return { tokenHash: kept.token_hash }
  const issuer = issuers.find((each) => each.issuer === kept.claims.issuer)
  if (!issuer) throw new ExequaturError('EXQ-2010', 'its issuer is none of the configured ones')
  return { claims: { ...kept.claims, issuer } }
}
