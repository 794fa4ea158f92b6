import type { CredentialSource, Lease, LeaseRequest } from '../contract/credential-source.js'
import type { CredentialReference } from '../contract/tool.js'
import { secretAt } from './secret-at.js'
import { type OAuthOptions, tokenRequest } from './token-request.js'

/** A token to exchange: where it comes from, and its type if that is not an access token. */
interface TokenGiven {
  readonly from: CredentialReference | CredentialSource
  /** `urn:ietf:params:oauth:token-type:...`, by its last word. */
  readonly type?: 'access_token' | 'jwt' | 'id_token' | 'refresh_token' | 'saml2'
}

export interface TokenExchangeOptions extends OAuthOptions {
  /** Whose rights the new token has. A source of your own can look up `on_behalf_of` of the request. */
  readonly subject: TokenGiven
  /** Who acts: with it the new token names both. */
  readonly actor?: TokenGiven
}

/** Exchanges a token for a narrower one of its own for each call (RFC 8693). */
export function tokenExchange(options: TokenExchangeOptions): CredentialSource {
  const ask = tokenRequest(options)
  return {
    kind: 'token-exchange',
    lease: async (request) => {
      const subject = await tokenFrom(options.subject, request)
      const actor = options.actor && (await tokenFrom(options.actor, request))
      const given = actor ? [subject, actor] : [subject]
      const form = {
        grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
        subject_token: subject.secret,
        subject_token_type: typeOf(options.subject),
        ...(options.actor && actor && { actor_token: actor.secret, actor_token_type: typeOf(options.actor) }),
      }
      const lease = await ask(form, request).catch(async (error) => {
        await Promise.allSettled(given.map(({ revoke }) => revoke?.(request.signal)))
        throw error
      })
      const all = [lease, ...given]
      return {
        ...lease,
        hide: all.flatMap(({ secret, hide = [] }) => [secret, ...hide]),
        ...(all.some(({ revoke }) => revoke) && {
          revoke: async (signal: AbortSignal) => {
            await Promise.all(all.map(({ revoke }) => revoke?.(signal)))
          },
        }),
      }
    },
    close: async () => {
      for (const { from } of [options.subject, ...(options.actor ? [options.actor] : [])])
        if (typeof from !== 'string') await from.close?.()
    },
  }
}

function typeOf({ type = 'access_token' }: TokenGiven): string {
  return `urn:ietf:params:oauth:token-type:${type}`
}

async function tokenFrom(
  { from }: TokenGiven,
  request: LeaseRequest,
): Promise<Pick<Lease, 'secret' | 'hide' | 'revoke'>> {
  return typeof from === 'string' ? { secret: await secretAt(from) } : from.lease(request)
}
