import { leaseRefused } from '../contract/lease-refused.js'
import { ExequaturError } from '../domain/errors.js'
import { askJson } from './ask-json.js'

/** Where an authorization server takes requests. */
export interface Endpoints {
  readonly token: string
  readonly revocation: string | null
}

export interface AuthorizationServerOptions {
  /** Its issuer, from which the endpoints are discovered (OpenID Connect Discovery). Either this or `tokenUrl`. */
  readonly issuer?: string
  readonly tokenUrl?: string
  /** Where tokens are revoked (RFC 7009), if that is not discovered. */
  readonly revocationUrl?: string
}

/** Finds the endpoints of a server, once. Throws `EXQ-7005` for an address to which no secret may be sent. */
export function endpointsOf(options: AuthorizationServerOptions): (signal: AbortSignal) => Promise<Endpoints> {
  const { issuer, tokenUrl, revocationUrl = null } = options
  for (const url of [issuer, tokenUrl, revocationUrl]) {
    if (url && !isConfidential(url))
      throw new ExequaturError('EXQ-7005', `a token endpoint has an https address, or one of this machine: ${url}`)
  }
  if (tokenUrl && !issuer) return async () => ({ token: tokenUrl, revocation: revocationUrl })
  if (!issuer || tokenUrl) throw new ExequaturError('EXQ-7005', 'name either the issuer or the tokenUrl')
  let known: Endpoints | undefined
  return async (signal) => {
    known ??= await discover(issuer, revocationUrl, signal)
    return known
  }
}

async function discover(issuer: string, revocationUrl: string | null, signal: AbortSignal): Promise<Endpoints> {
  const place = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  const { status, body } = await askJson('the issuer', place, { signal })
  const { token_endpoint: token, revocation_endpoint: revocation } = body
  if (status !== 200 || body.issuer !== issuer || typeof token !== 'string' || !isConfidential(token))
    throw leaseRefused(`the issuer does not describe itself (${status})`)
  const discovered = typeof revocation === 'string' && isConfidential(revocation) ? revocation : null
  return { token, revocation: revocationUrl ?? discovered }
}

/** Secrets go over TLS, or do not leave this machine. */
function isConfidential(address: string): boolean {
  if (!URL.canParse(address)) return false
  const { protocol, hostname, username, password } = new URL(address)
  if (username || password) return false
  return protocol === 'https:' || (protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(hostname))
}
