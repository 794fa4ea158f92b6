import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createLocalJWKSet, decodeJwt, exportJWK, generateKeyPair, jwtVerify } from 'jose'
import Provider from 'oidc-provider'

/** A real authorization server on this machine, with one client: the executor of the desk. */
export interface Issuer {
  readonly url: string
  readonly jwksUrl: string
  readonly client: { readonly id: string; readonly secret: string }
  /** What reached it, as `POST /token`. */
  readonly asked: string[]
  /** Whether it still stands by a token. */
  readonly isActive: (token: string) => Promise<boolean>
  readonly close: () => Promise<void>
}

const exchange = 'urn:ietf:params:oauth:grant-type:token-exchange'
const client = { id: 'desk_executor', secret: 'canary-oauth-client-secret:+/=' }

/** `signed`: tokens are JWTs for the resource that was asked for; else they are opaque and can be revoked. */
export async function startIssuer({ signed = true, seconds = 60 } = {}): Promise<Issuer> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  const jwk = { ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig', kid: 'k1' }
  const server = await listening()
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const resource = {
    scope: 'flags:read flags:write',
    accessTokenTTL: seconds,
    accessTokenFormat: signed ? 'jwt' : 'opaque',
    jwt: { sign: { alg: 'RS256' } },
  } as const
  const provider = new Provider(url, {
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        grant_types: ['client_credentials', exchange],
        redirect_uris: [],
        response_types: [],
      },
    ],
    jwks: { keys: [jwk] },
    scopes: ['flags:read', 'flags:write'],
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      introspection: { enabled: true },
      revocation: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => `${url}/flags`,
        getResourceServerInfo: (_ctx, audience) => ({ ...resource, audience }),
      },
    },
    extraTokenClaims: (ctx) => ({
      act: ctx.oidc.params?.actor_token ? { sub: subjectOf(ctx.oidc.params.actor_token) } : undefined,
    }),
    ttl: { ClientCredentials: seconds, AccessToken: seconds },
  })
  const keys = createLocalJWKSet({
    keys: [{ kty: jwk.kty as string, n: jwk.n, e: jwk.e, kid: 'k1', alg: 'RS256' } as never],
  })
  provider.registerGrantType(
    exchange,
    async (ctx) => {
      const { params, client: asking } = ctx.oidc
      const { payload } = await jwtVerify(String(params?.subject_token), keys, { issuer: url })
      const token = new provider.AccessToken({
        accountId: String(payload.sub),
        client: asking as never,
        gty: exchange,
        scope: String(params?.scope ?? ''),
      } as never)
      token.resourceServer = new provider.ResourceServer(String(params?.audience), resource as never) as never
      ctx.body = {
        access_token: await token.save(),
        issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
        token_type: 'Bearer',
        expires_in: token.expiration,
      }
    },
    ['audience', 'resource', 'scope', 'subject_token', 'subject_token_type', 'actor_token', 'actor_token_type'],
  )
  const asked: string[] = []
  const answer = provider.callback()
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    asked.push(`${request.method} ${request.url}`)
    void answer(request, response)
  })
  return {
    url,
    jwksUrl: `${url}/jwks`,
    client,
    asked,
    isActive: async (token) => {
      const body = new URLSearchParams({ token, client_id: client.id, client_secret: client.secret })
      const encoded = (text: string) => encodeURIComponent(text)
      const authorization = `Basic ${Buffer.from(`${encoded(client.id)}:${encoded(client.secret)}`).toString('base64')}`
      body.delete('client_id')
      body.delete('client_secret')
      const response = await fetch(`${url}/token/introspection`, { method: 'POST', body, headers: { authorization } })
      return ((await response.json()) as { active: boolean }).active
    },
    close: () => new Promise((done) => server.close(() => done()) && server.closeAllConnections()),
  }
}

function subjectOf(token: unknown): string {
  return String(decodeJwt(String(token)).sub)
}

function listening(): Promise<Server> {
  return new Promise((resolve) => {
    const server = createServer()
    server.listen(0, '127.0.0.1', () => resolve(server))
  })
}
