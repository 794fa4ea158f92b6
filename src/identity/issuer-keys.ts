import type { JWTVerifyGetKey } from 'jose'
import { type Issuer, isSafeUrl } from '../contract/issuer.js'
import { ExequaturError } from '../domain/errors.js'
import { isObject } from '../domain/json.js'

/** How long keys are kept, and how soon after a fetch, or a failed one, the issuer is asked again. */
export interface KeyTimes {
  readonly cacheMs: number
  readonly cooldownMs: number
}

export const keyTimes: KeyTimes = { cacheMs: 5 * 60_000, cooldownMs: 5_000 }
const answerWithinMs = 5_000

/** Errors of jose that say something of the token, not of the issuer. */
const ofTheToken = new Set(['ERR_JWKS_NO_MATCHING_KEY', 'ERR_JWKS_MULTIPLE_MATCHING_KEYS', 'ERR_JOSE_NOT_SUPPORTED'])

/** Finds the key a token was signed with among those the issuer publishes. Throws `EXQ-2017` where these cannot be had. */
export function issuerKeys(issuer: Issuer, times: KeyTimes): JWTVerifyGetKey {
  let failedAt = Number.NEGATIVE_INFINITY
  let opening: Promise<JWTVerifyGetKey> | null = null
  // A flood of tokens with invented keys, or an issuer that is down, does not make us flood the issuer.
  const ask: typeof fetch = async (url, init) => {
    if (performance.now() - failedAt < times.cooldownMs) throw new Error('it did not answer a moment ago')
    try {
      const answer = await fetch(url, init)
      if (answer.status !== 200) throw new Error(`it answered ${answer.status}`)
      return answer
    } catch (error) {
      failedAt = performance.now()
      throw error
    }
  }
  const open = async (): Promise<JWTVerifyGetKey> => {
    const { createRemoteJWKSet, customFetch } = await import('jose')
    return createRemoteJWKSet(new URL(issuer.jwksUri ?? (await discover(issuer, ask))), {
      cacheMaxAge: times.cacheMs,
      cooldownDuration: times.cooldownMs,
      timeoutDuration: answerWithinMs,
      [customFetch]: ask,
    })
  }
  return async (header, token) => {
    try {
      opening ??= open()
      return await (await opening.catch(forget))(header, token)
    } catch (error) {
      if (ofTheToken.has((error as { readonly code?: string }).code ?? '')) throw error
      throw new ExequaturError('EXQ-2017', issuer.issuer, [], { cause: error })
    }
  }
  function forget(error: unknown): never {
    opening = null
    throw error
  }
}

/** Where the issuer says its keys are. */
async function discover({ issuer }: Issuer, ask: typeof fetch): Promise<string> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  const answer = await ask(url, { redirect: 'error', signal: AbortSignal.timeout(answerWithinMs) })
  const metadata: unknown = await answer.json()
  if (!isObject(metadata) || metadata.issuer !== issuer) throw new Error(`${url} describes another issuer`)
  const { jwks_uri } = metadata
  if (typeof jwks_uri !== 'string' || !isSafeUrl(jwks_uri)) throw new Error(`${url} names no safe place of keys`)
  return jwks_uri
}
