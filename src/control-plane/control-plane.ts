import type { ActionRef } from '../domain/activities.js'
import type { AttentionAlarm } from '../domain/attention-alarm.js'
import type { Changes } from '../domain/change.js'
import type { LimitOverrides } from '../domain/downstream-limits.js'
import type { StopRules } from '../domain/entitlement.js'
import type { Links } from '../domain/links.js'
import type { PolicyRule } from '../domain/policy-change.js'
import type { SurfaceRules } from '../domain/surface-rules.js'
import type { EvidenceDeps } from '../evidence/admitted.js'
import type { VerifyAccessToken } from '../identity/access-tokens.js'
import type { Authority } from '../identity/authority.js'
import type { SigningKey } from '../identity/signing-key.js'
import type { TokenClaims } from '../identity/token-claims.js'
import type { ExpectedEnding } from '../ledger/endings.js'
import type { AccountRow, PrincipalRow } from '../ledger/queries/load-authority.js'
import type { Workflows } from '../temporal/workflows.js'
import type { InboxRules } from './sign-in/inbox-rules.js'

/** What the use cases work with. */
export interface ControlPlane extends EvidenceDeps {
  readonly workflows: Workflows
  readonly signingKey: SigningKey
  /** Who has to agree to a change of policies that loosens. */
  readonly policyRule: PolicyRule
  readonly stops: StopRules
  /** How long what needs attention may be silent. */
  readonly attentionAlarm: AttentionAlarm
  /** Limits of downstreams in place of what contracts say; none, if left out. */
  readonly limits?: LimitOverrides
  /** How many requests of one agent may wait for people. */
  readonly pendingPerAgent: number
  /** Up to which risk each surface approves. */
  readonly surfaceRules: SurfaceRules
  /** Where people look up what a request belongs to. */
  readonly links: Links
  /** Verifies access tokens of issuers; absent where none is configured. */
  readonly accessTokens?: VerifyAccessToken | undefined
  /** Where the inbox is, and how long people stay signed in there. */
  readonly inbox: InboxRules
  /** Expects an action to end within `ms`, from the call on. */
  readonly expectEnding: (ref: ActionRef, ms: number) => ExpectedEnding
  /** What people look at, as it changes. */
  readonly changes: Changes
  /** Address of the Temporal UI for a workflow run; null if none is configured. */
  readonly uiLink: (workflowId: string, runId: string | null) => string | null
}

/** An authenticated principal. Who asks comes from the credential, never from the body. */
export interface Caller {
  readonly tenant: string
  readonly principal: PrincipalRow
  readonly authority: Authority
  /** The way in: `token:<credential id>` or `oidc:<issuer>#<subject>`, Slack being an issuer. One person may have several. */
  readonly account: string
  /** The person the credential acts for; null if it acts for nobody else. */
  readonly onBehalfOf: string | null
  /** Earlier actors of the credential, nearest first: principals where known, else `oidc:<issuer>#<subject>`. */
  readonly actors: readonly string[]
  /** The session that the credential confirms. */
  readonly session: string | null
  /** What the token is good for, as its issuer says; empty for our own tokens, which are not limited so. */
  readonly scopes: readonly string[]
  /** What it takes to look at the credential again. */
  readonly credential:
    | { readonly tokenHash: string }
    | { readonly claims: TokenClaims }
    /** Somebody else has authenticated it, who vouches for it: Slack. */
    | { readonly vouched: Pick<AccountRow, 'issuer' | 'subject'> }
  /** The sign-in at the inbox that the credential is behind; absent where it was sent itself. */
  readonly signIn?: SignedIn
}

export interface SignedIn {
  readonly id: string
  /** Of what the cookie holds. */
  readonly secretHash: string
  /** What has to come with everything that changes something, beside the cookie. */
  readonly csrf: string
  /** ISO 8601: the end, however much it is used. */
  readonly endsAt: string
}
