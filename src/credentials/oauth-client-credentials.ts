import type { CredentialSource } from '../contract/credential-source.js'
import { type OAuthOptions, tokenRequest } from './token-request.js'

/** A bearer token of its own for each call, by the client credentials grant (RFC 6749, 4.4). */
export function oauthClientCredentials(options: OAuthOptions): CredentialSource {
  const ask = tokenRequest(options)
  return {
    kind: 'oauth-client-credentials',
    lease: (request) => ask({ grant_type: 'client_credentials' }, request),
  }
}
