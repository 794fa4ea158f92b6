import type { Configuration } from 'openid-client'
import type { Issuer, SignInClient } from '../contract/issuer.js'
import { ExequaturError, isExequaturError } from '../domain/errors.js'
import { readClaims, type TokenClaims } from './token-claims.js'

/** What has to be remembered of a sign-in while its person is at the issuer. */
export interface Begun {
  readonly index: number
  readonly state: string
  readonly nonce: string
  readonly verifier: string
}

/** Signs people in through issuers: authorization code, PKCE, state and nonce. */
export interface OidcSignIns {
  /** Issuers that people sign in through, by their places in the configuration. */
  readonly ways: readonly { readonly index: number; readonly name: string }[]
  /** Where to send the browser of somebody who signs in. Throws `EXQ-2017`, `EXQ-2034`. */
  readonly begin: (index: number) => Promise<{ readonly address: string; readonly begun: Begun }>
  /** Whom the issuer says that the browser came back as; `query` as it came. Throws `EXQ-2017`, `EXQ-2034`. */
  readonly finish: (query: string, begun: Begun) => Promise<TokenClaims>
}

type WithSignIn = Issuer & { readonly signIn: SignInClient }

const answerWithinSeconds = 10
const askAgainAfterMs = 5_000
const callbackPath = '/inbox/sign-in/callback'

/** Undefined where no issuer is configured for it. Throws `EXQ-7001` where the secret of a client is not there. */
export function createOidcSignIns(
  issuers: readonly Issuer[],
  publicUrl: string,
  env: Readonly<Record<string, string | undefined>>,
): OidcSignIns | undefined {
  const known = new Map(
    issuers.flatMap((issuer, index) =>
      isForSignIn(issuer) ? [[index, { issuer, open: opened(issuer, secretOf(issuer.signIn, env)) }] as const] : [],
    ),
  )
  if (known.size === 0) return undefined
  const find = (index: number) => {
    const found = known.get(index)
    if (!found) throw new ExequaturError('EXQ-2034', 'nobody signs in through that issuer')
    return found
  }
  const redirect_uri = `${publicUrl}${callbackPath}`
  return {
    ways: [...known].map(([index, { issuer }]) => ({
      index,
      name: issuer.signIn.name ?? new URL(issuer.issuer).host,
    })),
    begin: async (index) => {
      const { issuer, open } = find(index)
      const client = await import('openid-client')
      const config = await open()
      const begun = {
        index,
        state: client.randomState(),
        nonce: client.randomNonce(),
        verifier: client.randomPKCECodeVerifier(),
      }
      const address = client.buildAuthorizationUrl(config, {
        redirect_uri,
        scope: scopesFor(issuer).join(' '),
        state: begun.state,
        nonce: begun.nonce,
        code_challenge: await client.calculatePKCECodeChallenge(begun.verifier),
        code_challenge_method: 'S256',
        // A scope of ours means something only for us.
        ...(issuer.scopes && { resource: issuer.audience }),
      })
      return { address: address.href, begun }
    },
    finish: async (query, begun) => {
      const { issuer, open } = find(begun.index)
      const client = await import('openid-client')
      const config = await open()
      try {
        const answer = await client.authorizationCodeGrant(
          config,
          new URL(`${redirect_uri}?${query}`),
          {
            pkceCodeVerifier: begun.verifier,
            expectedState: begun.state,
            expectedNonce: begun.nonce,
            idTokenExpected: true,
          },
          issuer.scopes && { resource: issuer.audience },
        )
        return claimsOf(issuer, { ...answer.claims() }, answer.scope ?? scopesFor(issuer).join(' '))
      } catch (error) {
        if (isExequaturError(error)) throw error
        throw new ExequaturError('EXQ-2034', 'what the issuer answered does not hold', [], { cause: error })
      }
    },
  }
}

function isForSignIn(issuer: Issuer): issuer is WithSignIn {
  return issuer.signIn !== undefined
}

/** The ID token, read as an access token that this client was given: the same rules say whose it is. */
function claimsOf(issuer: WithSignIn, token: Record<string, unknown>, scope: string): TokenClaims {
  const { agent = 'client_id', scope: scopes = 'scope' } = issuer.claims ?? {}
  const { act: _actors, cnf: _key, ...claims } = token
  const read = readClaims({ ...claims, [agent]: issuer.signIn.clientId, [scopes]: scope }, issuer)
  // How long it lasts is for the sign-in to say: an ID token is for the moment.
  return { ...read, endsAt: Number.MAX_SAFE_INTEGER }
}

function scopesFor({ scopes = {} }: Issuer): string[] {
  return ['openid', ...new Set([scopes.read, scopes.decide].filter((scope) => scope !== undefined))]
}

function secretOf({ clientSecret }: SignInClient, env: Readonly<Record<string, string | undefined>>) {
  if (clientSecret === undefined) return undefined
  const name = clientSecret.slice('env:'.length)
  const secret = env[name]
  if (!secret) throw new ExequaturError('EXQ-7001', `${name} is not set: the secret that signs people in`)
  return secret
}

/** What the issuer says of itself, asked for when it is first needed; after a failure not at once again. */
function opened(issuer: WithSignIn, secret: string | undefined): () => Promise<Configuration> {
  let opening: Promise<Configuration> | null = null
  let failedAt = Number.NEGATIVE_INFINITY
  return async () => {
    if (!opening && performance.now() - failedAt < askAgainAfterMs) throw new ExequaturError('EXQ-2017', issuer.issuer)
    opening ??= discover(issuer, secret)
    try {
      return await opening
    } catch (error) {
      opening = null
      failedAt = performance.now()
      throw new ExequaturError('EXQ-2017', issuer.issuer, [], { cause: error })
    }
  }
}

async function discover({ issuer, signIn }: WithSignIn, secret: string | undefined): Promise<Configuration> {
  const client = await import('openid-client')
  const plain = new URL(issuer).protocol === 'http:'
  return client.discovery(
    new URL(issuer),
    signIn.clientId,
    undefined,
    secret === undefined ? client.None() : client.ClientSecretBasic(secret),
    {
      timeout: answerWithinSeconds,
      // The signature of an ID token is checked, although it comes straight from the issuer.
      execute: [client.enableNonRepudiationChecks, ...(plain ? [client.allowInsecureRequests] : [])],
    },
  )
}
