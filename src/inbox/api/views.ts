import type { Choice } from '../../domain/attention.js'
import type { ContractStatus, Risk } from '../../domain/contract.js'
import type { Effect, Outcome } from '../../domain/lifecycle.js'
import type { Requirements } from '../../domain/policy.js'
import type { PrincipalState } from '../../domain/principal.js'
import type { Verdict } from '../../domain/review.js'
import type { Stop } from '../../domain/stop.js'
import type { BudgetStanding } from '../../domain/tell-budget.js'

// What the page reads of what the API answers. `test/inbox/views.test.ts` compares it with what the server says.

export interface Me {
  readonly tenant: string
  readonly principal: string
  readonly name: string
  readonly groups: readonly string[]
  readonly account: string
  readonly csrf: string | null
  readonly passkeys: number
  /** May stop everything here, and resume. */
  readonly keeps_stops: boolean
  readonly signs_in_until: string | null
}

export interface Vote {
  readonly approver: string
  readonly vote: string
  readonly reason: string
  readonly method: string
  readonly at: string
  readonly counts: boolean
  readonly self_approved: boolean
}

export interface Links {
  readonly ticket: string | null
  readonly incident: string | null
  readonly user: string | null
  readonly workflow: string | null
}

export interface Approval {
  readonly id: string
  readonly action_id: string
  readonly envelope_digest: string
  /** RFC 8785 bytes of a `Rendering`. */
  readonly rendering: string
  readonly rendering_digest: string
  readonly risk: Risk
  readonly sealed_at: string
  readonly flags: readonly { readonly name: string; readonly says: string }[]
  readonly target: string
  readonly requirements: Requirements
  readonly groups: readonly string[]
  readonly asked: readonly { readonly person: string; readonly groups: readonly string[] }[]
  readonly votes: readonly Vote[]
  readonly method_needed: 'any' | 'key'
  readonly your_vote: { readonly revision: number; readonly self_approved: boolean }
  readonly expires_at: string
  readonly escalations: readonly {
    readonly group: string
    readonly to: string
    readonly at: string
    readonly due: boolean
  }[]
  readonly stopped: Stop | null
  readonly cancelled_by: string | null
  readonly state: 'waiting' | 'approved' | 'rejected' | 'expired' | 'cancelled' | 'stale' | 'superseded' | 'ended'
  /** Null in lists, and once it is decided. */
  readonly budgets: readonly BudgetStanding[] | null
  readonly links: Links
  readonly approve_by: { readonly slack: boolean; readonly inbox: boolean; readonly unasked: boolean }
}

/** Of an approval request all there is, however long. */
export interface Whole {
  readonly id: string
  /** JSON of a `Rendering`. */
  readonly rendering: string
}

export interface TrailEntry {
  readonly at: string
  readonly stage: string
  readonly what: string
  readonly facts: Readonly<Record<string, unknown>>
}

export interface Action {
  readonly outcome: Outcome | null
  readonly explanation: string | null
  readonly ended_at: string | null
}

export interface Trail {
  readonly entries: readonly TrailEntry[]
}

export interface Attention {
  readonly id: string
  readonly state: 'open' | 'decided' | 'settled'
  readonly reason: 'unknown' | 'diverged' | 'not-undone' | 'late'
  readonly opened_at: string
  readonly overdue: boolean
  readonly action_id: string
  readonly agent: string
  readonly on_behalf_of: string | null
  readonly subject: string | null
  readonly step: string
  readonly phase: 'execute' | 'compensate'
  readonly generation: number
  readonly tool: string
  readonly title: string
  readonly risk: Risk
  readonly resource: string
  readonly amount: { readonly cents: number; readonly currency: string } | null
  readonly args: Readonly<Record<string, unknown>>
  readonly idempotency_key: string | null
  readonly effect: Effect | null
  readonly attempts: readonly {
    readonly generation: number
    readonly attempt: number
    readonly at: string
    readonly claimed: Effect | null
    readonly output: Readonly<Record<string, unknown>> | null
    readonly error: { readonly code: string; readonly detail: string } | null
    readonly late: { readonly claimed: Effect; readonly at: string } | null
  }[]
  readonly observed: readonly {
    readonly found: Effect
    readonly detail: string | null
    readonly at: string
    readonly wanted: Readonly<Record<string, unknown>> | null
    readonly shown: Readonly<Record<string, unknown>> | null
  }[]
  readonly looks: {
    readonly count: number
    readonly last: { readonly found: Effect; readonly detail: string | null; readonly at: string } | null
  }
  readonly choices: readonly {
    readonly choice: Choice
    readonly does: string
    readonly needs_evidence: boolean
    readonly takes_output: boolean
  }[]
  readonly deciders: readonly string[]
  readonly method_needed: 'any' | 'key'
  readonly resolve_by: { readonly inbox: boolean }
  readonly state_digest: string
  readonly your_resolution: { readonly may: boolean; readonly revision: number; readonly self_decided: boolean }
  readonly resolution: {
    readonly choice: Choice
    readonly reason: string
    readonly evidence: string | null
    readonly decided_by: string
    readonly at: string
  } | null
}

export interface Changes {
  readonly action_id: string
  readonly agent: string
  readonly on_behalf_of: string | null
  readonly subject: string | null
  readonly outcome: Outcome | null
  readonly ended_at: string | null
  readonly changes: readonly {
    readonly step: string
    readonly tool: string
    readonly title: string
    readonly resource: string
    readonly args: Readonly<Record<string, unknown>>
    readonly effect: Effect | null
    readonly undone: boolean
  }[]
  readonly review: {
    readonly said: readonly {
      readonly reviewer: string
      readonly verdict: Verdict
      readonly reason: string | null
      readonly at: string
    }[]
  } | null
}

export interface Agent {
  readonly principal: string
  readonly name: string
  readonly owner: string | null
  readonly state: PrincipalState
  readonly stopped: Stop | null
}

export interface Tool {
  readonly name: string
  readonly version: number
  readonly title: string
  readonly risk: Risk
  readonly owner: string
  readonly status: ContractStatus
}

export interface Key {
  readonly key_id: string
  readonly kind: 'ed25519' | 'passkey'
  readonly credential_id?: string | null
  readonly account: string
  readonly registered_at: string
}
