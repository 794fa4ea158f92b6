import type { ActionRef } from '../domain/activities.js'
import type { EvidenceDeps } from '../evidence/admitted.js'
import type { Authority } from '../identity/authority.js'
import type { SigningKey } from '../identity/signing-key.js'
import type { ExpectedEnding } from '../ledger/endings.js'
import type { PrincipalRow } from '../ledger/queries/load-authority.js'
import type { Workflows } from '../temporal/workflows.js'

/** What the use cases work with. */
export interface ControlPlane extends EvidenceDeps {
  readonly workflows: Workflows
  readonly signingKey: SigningKey
  /** Expects an action to end within `ms`, from the call on. */
  readonly expectEnding: (ref: ActionRef, ms: number) => ExpectedEnding
  /** Address of the Temporal UI for a workflow run; null if none is configured. */
  readonly uiLink: (workflowId: string, runId: string | null) => string | null
}

/** An authenticated principal. Who asks comes from the credential, never from the body. */
export interface Caller {
  readonly tenant: string
  readonly principal: PrincipalRow
  readonly authority: Authority
  /** Of the token it came with. */
  readonly tokenHash: string
}
