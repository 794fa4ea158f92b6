import type { Issuer } from '../contract/issuer.js'
import { ExequaturError, isExequaturError } from '../domain/errors.js'
import { isObject } from '../domain/json.js'
import { issuerKeys, type KeyTimes, keyTimes } from './issuer-keys.js'
import { defaultClockTolerance, readClaims, type TokenClaims } from './token-claims.js'

/** Verifies an access token of a configured issuer. Throws `EXQ-2010`-`EXQ-2012`, `EXQ-2014`, `EXQ-2016`, `EXQ-2017`. */
export type VerifyAccessToken = (token: string) => Promise<TokenClaims>

const usualAlgorithms = ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519']
const types = new Set(['at+jwt', 'application/at+jwt', 'jwt'])

export function isJwt(token: string): boolean {
  return /^[\w-]+\.[\w-]+\.[\w-]*$/.test(token)
}

export function createAccessTokens(issuers: readonly Issuer[], times: KeyTimes = keyTimes): VerifyAccessToken {
  const known = new Map(issuers.map((issuer) => [issuer.issuer, { issuer, keys: issuerKeys(issuer, times) }]))
  return async (token) => {
    const claimed = issuerIn(token)
    const found = claimed === null ? undefined : known.get(claimed)
    if (!found) throw new ExequaturError('EXQ-2010', 'its issuer is none of the configured ones')
    const { issuer, keys } = found
    // Only who uses an issuer pays for loading what verifies its tokens.
    const { jwtVerify } = await import('jose')
    try {
      const { payload, protectedHeader } = await jwtVerify(token, keys, {
        issuer: issuer.issuer,
        audience: issuer.audience,
        algorithms: [...(issuer.algorithms ?? usualAlgorithms)],
        clockTolerance: issuer.clockTolerance ?? defaultClockTolerance,
        requiredClaims: ['exp', 'sub'],
      })
      if (!types.has(String(protectedHeader.typ).toLowerCase()))
        throw new ExequaturError('EXQ-2010', 'its `typ` is not that of an access token')
      return readClaims(payload, issuer)
    } catch (error) {
      throw isExequaturError(error) ? error : refusalOf(error)
    }
  }
}

/** The issuer a token claims to be of; believed only once the signature is verified with that issuer's keys. */
function issuerIn(token: string): string | null {
  try {
    const payload: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'))
    return isObject(payload) && typeof payload.iss === 'string' ? payload.iss : null
  } catch {
    return null
  }
}

/** What jose found wrong, in words of ours: none of the token gets into them. */
function refusalOf(error: unknown): ExequaturError {
  const { code = '', claim = '' } = error as { readonly code?: string; readonly claim?: string }
  if (code === 'ERR_JWT_EXPIRED') return new ExequaturError('EXQ-2012', 'its `exp` has passed')
  if (claim === 'aud') return new ExequaturError('EXQ-2011', 'its `aud` does not name this deployment')
  if (code === 'ERR_JWT_CLAIM_VALIDATION_FAILED')
    return new ExequaturError('EXQ-2010', `its claim \`${claim}\` is missing or does not hold`)
  return new ExequaturError('EXQ-2010', wrong[code] ?? 'it is not a well-formed signed token')
}

const wrong: Readonly<Record<string, string>> = {
  ERR_JOSE_ALG_NOT_ALLOWED: 'its algorithm is not one the issuer may use',
  ERR_JOSE_NOT_SUPPORTED: 'its algorithm is not one the issuer may use',
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: 'its signature is not that of the issuer',
  ERR_JWKS_NO_MATCHING_KEY: 'it is signed with a key that the issuer does not publish',
  ERR_JWKS_MULTIPLE_MATCHING_KEYS: 'it does not say which key it is signed with',
}
