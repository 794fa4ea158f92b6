import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createLocalJWKSet, exportJWK, generateKeyPair, type JWK, jwtVerify, SignJWT } from 'jose'
import Provider, { type Configuration } from 'oidc-provider'

export const audience = 'https://exequatur.test/acme'
/** Where a browser is sent after a sign-in that a test does by itself. */
const redirectUri = 'http://127.0.0.1:1/callback'
const exchange = 'urn:ietf:params:oauth:grant-type:token-exchange'

/** Where a server whose inbox is at `http://localhost:7400` is told of a sign-in. */
export const inboxCallback = 'http://localhost:7400/inbox/sign-in/callback'

/**
 * A real OIDC issuer on this machine. Agents are its clients; people sign in through the client `desk-cli`, and to the
 * inbox through `desk-inbox`. Whoever `login_hint` names is who signs in; without it, its page asks.
 */
export type OidcIssuer = Awaited<ReturnType<typeof startIssuer>>

export async function startIssuer(agents: readonly string[], tokenSeconds = 60) {
  const server = createServer()
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  let present = await createProvider(issuer, agents, 'key-1', tokenSeconds)
  let asked = 0
  let discovered = 0
  server.on('request', (request, response) => {
    if (request.url?.startsWith('/jwks')) asked += 1
    if (request.url?.startsWith('/.well-known/')) discovered += 1
    if (request.url?.startsWith('/interaction/')) return void signIn(present.provider, request, response)
    present.provider.callback()(request, response)
  })
  const token = async (body: Record<string, string>, client: string) => {
    const answer = await fetch(`${issuer}/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${client}:${secretOf(client)}`).toString('base64')}` },
      body: new URLSearchParams({ resource: audience, ...body }),
    })
    const { access_token, ...rest } = (await answer.json()) as { access_token?: string }
    if (!access_token) throw new Error(JSON.stringify(rest))
    return access_token
  }
  return {
    issuer,
    audience,
    /** How often its keys were asked for. */
    keysAsked: () => asked,
    discovered: () => discovered,
    /** A token of an agent for itself. */
    ofAgent: (client: string, scope = 'act read') => token({ grant_type: 'client_credentials', scope }, client),
    /** What a client makes of a token it was handed: its own, on behalf of the same person, after who had it before. */
    exchanged: (subject_token: string, client: string, scope = 'act read') =>
      token(
        {
          grant_type: exchange,
          subject_token,
          subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
          scope,
        },
        client,
      ),
    /** A person signs in with a code and PKCE, through the client of the command line. */
    ofPerson: (sub: string, scope = 'decide read') => signInByCode(issuer, sub, scope),
    /** Signs with the issuer's own key whatever a test wants signed. */
    sign: async (
      claims: Record<string, unknown>,
      header: { alg?: string; typ?: string | undefined; kid?: string } = {},
    ) => {
      const { alg = 'RS256', typ = 'at+jwt', kid = present.jwk.kid as string } = header
      const all = { iss: issuer, aud: audience, exp: Math.floor(Date.now() / 1000) + 60, sub: 'nobody', ...claims }
      return new SignJWT(JSON.parse(JSON.stringify(all)))
        .setProtectedHeader({ alg, kid, ...(typ !== 'none' && { typ }) })
        .sign(present.key)
    },
    secretOf,
    publicKey: () => present.publicJwk,
    /** From now on it signs with a new key, and publishes no other. */
    rotate: async () => {
      present = await createProvider(issuer, agents, `key-${Math.random()}`, tokenSeconds)
    },
    /** It answers nothing any more. */
    close: () =>
      new Promise<void>((closed) => {
        server.close(() => closed())
        server.closeAllConnections()
      }),
  }
}

async function createProvider(issuer: string, agents: readonly string[], kid: string, tokenSeconds: number) {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true })
  const jwk: JWK = { ...(await exportJWK(privateKey)), kid, alg: 'RS256', use: 'sig' }
  const publicJwk: JWK = { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' }
  const verify = createLocalJWKSet({ keys: [publicJwk] })
  const acts = new WeakMap<object, unknown>()
  const resource = {
    scope: 'act decide read',
    audience,
    accessTokenFormat: 'jwt' as const,
    accessTokenTTL: tokenSeconds,
    jwt: { sign: { alg: 'RS256' as const } },
  }
  const configuration: Configuration = {
    jwks: { keys: [jwk] as never },
    clients: [
      ...agents.map((client_id) => ({
        client_id,
        client_secret: secretOf(client_id),
        grant_types: ['client_credentials', exchange],
        redirect_uris: [],
        response_types: [],
      })),
      {
        client_id: 'desk-cli',
        application_type: 'native' as const,
        token_endpoint_auth_method: 'none' as const,
        grant_types: ['authorization_code'],
        redirect_uris: [redirectUri, 'http://127.0.0.1/callback'],
        response_types: ['code' as const],
      },
      {
        client_id: 'desk-inbox',
        client_secret: secretOf('desk-inbox'),
        application_type: 'native' as const,
        grant_types: ['authorization_code'],
        redirect_uris: [inboxCallback],
        response_types: ['code' as const],
      },
    ],
    scopes: ['openid', 'act', 'decide', 'read'],
    cookies: { keys: ['a key of a test'] },
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    findAccount: (_ctx, accountId) => ({ accountId, claims: async () => ({ sub: accountId }) }),
    extraTokenClaims: (_ctx, token) => acts.get(token) as never,
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => audience,
        getResourceServerInfo: () => resource,
        useGrantedResource: () => true,
      },
    },
  }
  const provider = new Provider(issuer, configuration)
  provider.registerGrantType(
    exchange,
    async (ctx) => {
      const { client, params } = ctx.oidc
      if (!client || !params) throw new Error('nobody asks')
      const { payload } = await jwtVerify(String(params.subject_token), verify, { issuer })
      const token = new provider.AccessToken({ client, accountId: payload.sub, scope: String(params.scope) } as never)
      token.resourceServer = new provider.ResourceServer(audience, resource)
      acts.set(token, { act: { sub: client.clientId, ...(payload.act !== undefined && { act: payload.act }) } })
      ctx.body = { access_token: await token.save(), token_type: 'Bearer', expires_in: tokenSeconds }
    },
    ['subject_token', 'subject_token_type', 'scope', 'resource'],
  )
  return { provider, jwk, publicJwk, key: privateKey }
}

function secretOf(client: string): string {
  return `secret-of-${client}`
}

/** The sign-in page: whoever it is said to be, it is, and agrees to what the client asks for. */
async function signIn(provider: Provider, ...[request, response]: Parameters<Provider['interactionDetails']>) {
  const { params, prompt, session } = await provider.interactionDetails(request, response)
  if (prompt.name === 'login') {
    const accountId = params.login_hint ?? new URL(request.url ?? '', 'http://issuer').searchParams.get('name')
    if (accountId === null) {
      response.setHeader('content-type', 'text/html; charset=utf-8')
      response.end(whoAreYou)
      return
    }
    return provider.interactionFinished(request, response, { login: { accountId: String(accountId) } })
  }
  const grant = new provider.Grant({ clientId: String(params.client_id), accountId: session?.accountId ?? '' })
  grant.addOIDCScope(String(params.scope))
  grant.addResourceScope(audience, String(params.scope))
  const consent = { grantId: await grant.save() }
  return provider.interactionFinished(request, response, { consent }, { mergeWithLastSubmission: true })
}

const whoAreYou = `<!doctype html><html lang="en"><title>Desk</title><form>
  <label>Your name <input name="name"></label> <button>Go on</button></form></html>`

async function signInByCode(issuer: string, sub: string, scope: string): Promise<string> {
  const verifier = 'v'.repeat(64)
  const challenge = Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(verifier))).toString('base64url')
  const asked = new URLSearchParams({
    client_id: 'desk-cli',
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: `openid ${scope}`,
    resource: audience,
    login_hint: sub,
    code_challenge: challenge,
    code_challenge_method: 'S256',
  })
  const code = new URL(await browse(`${issuer}/auth?${asked}`, redirectUri)).searchParams.get('code') ?? ''
  const answer = await fetch(`${issuer}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: 'desk-cli',
      redirect_uri: redirectUri,
      code,
      code_verifier: verifier,
      resource: audience,
    }),
  })
  return ((await answer.json()) as { access_token: string }).access_token
}

/** Follows redirects as a browser does, with its cookies, up to an address that begins with `until`. */
export async function browse(start: string, until: string): Promise<string> {
  const cookies = new Map<string, string>()
  for (let url = start, hops = 0; hops < 10; hops += 1) {
    if (url.startsWith(until)) return url
    const answer = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
    })
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
      cookies.set(name, value)
    }
    const next = answer.headers.get('location')
    if (!next) throw new Error(`${url} leads nowhere: ${answer.status} ${await answer.text()}`)
    url = new URL(next, url).href
  }
  throw new Error('too many redirects')
}
