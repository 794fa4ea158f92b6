import { createHash, randomBytes } from 'node:crypto'
import { isSafeUrl } from '../../contract/issuer.js'
import { ExequaturError } from '../../domain/errors.js'
import { isObject } from '../../domain/json.js'
import { awaitCallback } from './callback.js'

/** Where and as what to sign in. */
export interface SignIn {
  readonly issuer: string
  readonly clientId: string
  readonly scope: string
  /** The audience to ask a token for (RFC 8707). */
  readonly audience: string
  /** Shows the address that has to be opened in a browser. */
  readonly show: (address: string) => void
}

export interface SignedIn {
  readonly access_token: string
  /** Seconds. */
  readonly expires_in: number
}

const peopleTakeMs = 5 * 60_000
const answerWithinMs = 10_000

/** Signs a person in with a code and PKCE, by way of a browser on this machine. Throws `EXQ-2020`. */
export async function signIn(wanted: SignIn): Promise<SignedIn> {
  const endpoints = await discover(wanted.issuer)
  const verifier = randomBytes(32).toString('base64url')
  const state = randomBytes(16).toString('base64url')
  const callback = await awaitCallback(state, peopleTakeMs)
  try {
    const address = new URL(endpoints.authorize)
    const asked = {
      response_type: 'code',
      client_id: wanted.clientId,
      redirect_uri: callback.redirectUri,
      scope: wanted.scope,
      resource: wanted.audience,
      state,
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
    }
    for (const [name, value] of Object.entries(asked)) address.searchParams.set(name, value)
    wanted.show(address.href)
    const answer = await callback.answer
    if (!answer) throw failed('nobody signed in within 5 minutes')
    // An answer of another issuer would have us hand its code to this one (RFC 9207).
    if ((answer.get('iss') ?? wanted.issuer) !== wanted.issuer) throw failed('the answer is of another issuer')
    const code = answer.get('code')
    if (!code) throw failed(`the issuer said ${answer.get('error') ?? 'nothing'}`)
    return await redeem(endpoints.token, {
      grant_type: 'authorization_code',
      client_id: wanted.clientId,
      redirect_uri: callback.redirectUri,
      code,
      code_verifier: verifier,
      resource: wanted.audience,
    })
  } finally {
    callback.close()
  }
}

async function discover(issuer: string): Promise<{ readonly authorize: string; readonly token: string }> {
  if (!isSafeUrl(issuer)) throw failed(`${issuer} is no https URL`)
  const metadata = await call(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`)
  const { authorization_endpoint: authorize, token_endpoint: token } = metadata
  if (metadata.issuer !== issuer) throw failed(`${issuer} describes another issuer`)
  if (typeof authorize !== 'string' || typeof token !== 'string' || !isSafeUrl(authorize) || !isSafeUrl(token))
    throw failed(`${issuer} names no safe address to sign in at`)
  return { authorize, token }
}

async function redeem(endpoint: string, body: Record<string, string>): Promise<SignedIn> {
  const answer = await call(endpoint, { method: 'POST', body: new URLSearchParams(body) })
  const { access_token, expires_in, token_type } = answer
  if (typeof access_token !== 'string' || String(token_type).toLowerCase() !== 'bearer')
    throw failed('the issuer gave no bearer token')
  return { access_token, expires_in: typeof expires_in === 'number' && expires_in > 0 ? expires_in : 0 }
}

async function call(url: string, init: RequestInit = {}): Promise<Record<string, unknown>> {
  try {
    const answer = await fetch(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(answerWithinMs) })
    const body: unknown = await answer.json()
    if (answer.ok && isObject(body)) return body
    throw failed(
      `${new URL(url).host} answered ${answer.status}${isObject(body) ? ` ${String(body.error ?? '')}` : ''}`,
    )
  } catch (error) {
    if (error instanceof ExequaturError) throw error
    throw new ExequaturError('EXQ-2020', `${new URL(url).host} does not answer as an issuer does`, [], { cause: error })
  }
}

function failed(detail: string): ExequaturError {
  return new ExequaturError('EXQ-2020', detail)
}
