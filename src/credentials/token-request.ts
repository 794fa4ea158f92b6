import { randomUUID } from 'node:crypto'
import type { Lease, LeaseRequest } from '../contract/credential-source.js'
import { leaseRefused } from '../contract/lease-refused.js'
import type { CredentialReference } from '../contract/tool.js'
import { askJson } from './ask-json.js'
import { type AuthorizationServerOptions, endpointsOf } from './authorization-server.js'
import { secretAt } from './secret-at.js'

/** How the executor is known to an authorization server, and what it asks for. */
export interface OAuthOptions extends AuthorizationServerOptions {
  readonly clientId: string
  readonly clientSecret: CredentialReference
  /** How the client proves itself: `basic` in a header, `post` in the body; `basic` if left out. */
  readonly clientAuthentication?: 'basic' | 'post'
  /** Scopes, separated by spaces; two where looking needs less than writing. */
  readonly scope?: string | { readonly read: string; readonly write: string }
  /** For whom the token is, as `audience`. */
  readonly audience?: string
  /** For whom the token is, as `resource` (RFC 8707). */
  readonly resource?: string
}

/** Asks a token endpoint for one token, for one call. */
export function tokenRequest(
  options: OAuthOptions,
): (grant: Readonly<Record<string, string>>, request: LeaseRequest) => Promise<Lease> {
  const endpoints = endpointsOf(options)
  const { clientId, clientSecret, clientAuthentication = 'basic', scope, audience, resource } = options
  return async (grant, request) => {
    const { signal } = request
    const { token: tokenUrl, revocation } = await endpoints(signal)
    const secret = await secretAt(clientSecret)
    const headers: Record<string, string> =
      clientAuthentication === 'basic' ? { authorization: basic(clientId, secret) } : {}
    const proof: Record<string, string> =
      clientAuthentication === 'post' ? { client_id: clientId, client_secret: secret } : {}
    const asked = typeof scope === 'object' ? scope[request.scope] : scope
    const form = new URLSearchParams({
      ...grant,
      ...proof,
      ...(asked && { scope: asked }),
      ...(audience && { audience }),
      ...(resource && { resource }),
    })
    const { status, body } = await askJson('the token endpoint', tokenUrl, { signal, form, headers })
    const { access_token: token, token_type: type, expires_in: seconds } = body
    if (status !== 200) throw leaseRefused(`the token endpoint answered ${status}${reasonIn(body.error)}`)
    if (typeof token !== 'string' || token === '') throw leaseRefused('the token endpoint gave no token')
    if (!/^(bearer|n_a)$/i.test(String(type)))
      throw leaseRefused('the token endpoint gave a token that is no bearer token')
    return {
      lease_id: idOf(token),
      secret: token,
      hide: [secret],
      expires_at: typeof seconds === 'number' ? new Date(Date.now() + seconds * 1_000) : null,
      // Whoever checks a signed token does so without asking, so that to revoke it would be for show.
      ...(revocation && claimsOf(token) === null
        ? { revoke: (until: AbortSignal) => revoke(revocation, { token, ...proof }, headers, until) }
        : {}),
    }
  }
}

async function revoke(
  url: string,
  form: Record<string, string>,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<void> {
  const { status } = await askJson('the revocation endpoint', url, { signal, form: new URLSearchParams(form), headers })
  if (status !== 200) throw leaseRefused(`the revocation endpoint answered ${status}`)
}

/** RFC 6749, 2.3.1: both are encoded as in a form. */
function basic(id: string, secret: string): string {
  const encoded = (text: string) => new URLSearchParams([['', text]]).toString().slice(1)
  return `Basic ${Buffer.from(`${encoded(id)}:${encoded(secret)}`).toString('base64')}`
}

/** The registered error codes; whatever else a server answers with is not repeated. */
const registered = [
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
  'invalid_target',
]

function reasonIn(error: unknown): string {
  const known = registered.find((code) => code === error)
  return known ? ` (${known})` : ''
}

/** The id that the issuer gave a signed token, which its own log has too; else one of ours. */
function idOf(token: string): string {
  const id = claimsOf(token)?.jti
  return typeof id === 'string' && /^[\w.~:-]{1,120}$/.test(id) ? `jti:${id}` : `token:${randomUUID()}`
}

/** What a signed token says, unchecked; null if it is not one. */
function claimsOf(token: string): { readonly jti?: unknown } | null {
  const [, claims, signature] = token.split('.')
  if (!claims || !signature) return null
  try {
    return JSON.parse(Buffer.from(claims, 'base64url').toString('utf8'))
  } catch {
    return null
  }
}
