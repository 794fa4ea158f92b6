import type { Issuer } from '../../contract/issuer.js'
import type { OidcSignIns } from '../../identity/oidc-sign-ins.js'

/** Where the inbox is, and who is let in how long. */
export interface InboxRules {
  /** Its origin, as `https://exequatur.example`: of links, of what browsers send, and of passkeys. */
  readonly publicUrl: string
  readonly signInForMs: number
  readonly idleForMs: number
  /** Issuers whose identities may stand behind a sign-in. */
  readonly issuers: readonly Issuer[]
  /** Signing in through issuers; absent where none is configured for it. */
  readonly oidc?: OidcSignIns | undefined
}
