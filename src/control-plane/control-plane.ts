import type { EvidenceDeps } from '../evidence/admitted.js'
import type { Authority } from '../identity/authority.js'
import type { SigningKey } from '../identity/signing-key.js'
import type { PrincipalRow } from '../ledger/queries/load-authority.js'
import type { Workflows } from '../temporal/workflows.js'

/** What the use cases work with. */
export interface ControlPlane extends EvidenceDeps {
  readonly workflows: Workflows
  readonly signingKey: SigningKey
  /** Resolves when an action has ended, or after `ms`. */
  readonly waitForEnding: (ref: { readonly tenant: string; readonly action_id: string }, ms: number) => Promise<void>
  /** Address of the Temporal UI for a workflow run; null if none is configured. */
  readonly uiLink: (workflowId: string, runId: string | null) => string | null
}

/** An authenticated principal. Who asks comes from the credential, never from the body. */
export interface Caller {
  readonly tenant: string
  readonly principal: PrincipalRow
  readonly authority: Authority
}
