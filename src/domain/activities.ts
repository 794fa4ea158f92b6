import type { ApprovalState, VoteKind } from './approval.js'
import type { AttentionReason, Choice } from './attention.js'
import type { Halt } from './compensation.js'
import type { EffectClass, Risk } from './contract.js'
import type { ErrorCode, Problem } from './errors.js'
import type { JsonObject } from './json.js'
import type { Effect, Outcome, Phase } from './lifecycle.js'
import type { PlanDecision, PolicyDecision, Requirements } from './policy.js'
import type { Waiting } from './settlement.js'

/** All that an activity is told. It loads the admitted bytes itself and trusts no other input. */
export interface ActionRef {
  readonly tenant: string
  readonly action_id: string
}

/** Approval rounds count from 1; a new round means a new envelope. */
export interface RoundRef extends ActionRef {
  readonly round: number
}

/** The rounds of an observation count its looks: 1 makes the first, before the policy. */
export interface StepRef extends RoundRef {
  readonly step: string
  readonly phase: Phase
}

/** A step of a sound plan, as far as order and waiting need to know it. */
export interface PlannedStep {
  readonly id: string
  readonly tool: string
  readonly risk: Risk
  readonly effect: EffectClass
  readonly pool: string
  readonly contract_digest: string
  readonly call_timeout_ms: number
  /** Present where the step can be undone, and its undoing is to be verified. */
  readonly undo?: { readonly call_timeout_ms: number }
  /** What the ledger already knows of it, from an earlier run of the workflow. */
  readonly so_far: Effect | null
  readonly begun: boolean
  /** The read that is made before the decision. */
  readonly observe: {
    readonly tool: string
    readonly pool: string
    readonly call_timeout_ms: number
    /** Present where the call wants a fresh look. */
    readonly again?: true
  } | null
}

export type PlanReport =
  | {
      readonly result: 'sound'
      readonly request_digest: string
      readonly steps: readonly PlannedStep[]
      readonly round: number
    }
  | {
      readonly result: 'unsound'
      readonly request_digest: string
      readonly code: ErrorCode
      readonly problems: readonly Problem[]
      readonly steps: readonly PlannedStep[]
    }
  | { readonly result: 'not-admitted' }

export interface PolicyReport extends PlanDecision {
  /** Histories from before it was recorded have no `permitted_by`. */
  readonly decisions: readonly (Omit<PolicyDecision, 'permitted_by'> & Partial<Pick<PolicyDecision, 'permitted_by'>>)[]
}

export interface ApprovalReport {
  readonly approval_id: string
  readonly envelope_digest: string
  readonly requirements: Requirements
  readonly state: ApprovalState
  /** Until expiry, by the ledger's clock. */
  readonly left_ms: number
  /** Until people are to be told something, if that comes before expiry. */
  readonly next_ms?: number
  readonly expires_at: string
  readonly votes: readonly {
    readonly approver: string
    readonly vote: VoteKind
    readonly method: string
    readonly key_id: string
    /** Present where the approver is part of the request, in a deployment of one person. */
    readonly self_approved?: true
  }[]
  readonly explanation: string
}

/**
 * What the ledger says of one phase of a step. Where no intent was written, `denied`, `rejected` and `cancelled` say
 * why, `held` that approval is needed again; `none`: nothing is recorded yet.
 */
export interface EffectReport {
  readonly state: Effect | 'denied' | 'rejected' | 'cancelled' | 'held' | 'none'
  readonly verified: boolean
  readonly output: JsonObject | null
  readonly error: { readonly code: ErrorCode; readonly detail: string } | null
  readonly decision: Pick<PolicyDecision, 'result' | 'policy_ids' | 'policy_digest' | 'explanation'> | null
  /** The look that has to be made first; absent where none has. */
  readonly look?: number
  /** Present while what the call came to is not settled: when it is looked at, or made, again, and who is waited for. */
  readonly waits?: Waiting
  /** What people decided of the call, where no machine could settle it. */
  readonly resolution?: Choice
  /** Present once the action has ended: nothing more is done about the call. */
  readonly closed?: true
}

/** A call that people were asked about; `choice` is null until they have decided. */
export interface AttentionReport {
  readonly attention_id: string
  readonly opened_at: string
  readonly choice: Choice | null
}

export interface TrailReport {
  /** Null where it was cancelled before it could succeed: then nothing has ended, and what it committed is to be undone. */
  readonly outcome: Outcome | null
  /** Who cancelled it, and why. */
  readonly cancelled?: string
}

/** Decisions: local activities of the server, recorded as markers. */
export interface DecisionActivities {
  plan(ref: ActionRef): Promise<PlanReport>
  policy(ref: RoundRef): Promise<PolicyReport>
  /** Seals the envelope of a round and opens the request for votes. */
  openApproval(ref: RoundRef): Promise<ApprovalReport>
  /** Reads the votes that really exist, and whether somebody cancelled. */
  readApproval(ref: RoundRef): Promise<ApprovalReport>
  readEffect(ref: StepRef): Promise<EffectReport>
  /** Hands a call over to people, once, and says what they decided. */
  openAttention(ref: StepRef & { readonly reason: AttentionReason }): Promise<AttentionReport>
  /** Records that the action goes no further, before anything of it is undone. */
  halt(ref: ActionRef & { readonly halt: Halt }): Promise<void>
  closeTrail(ref: ActionRef & { readonly outcome: Outcome; readonly explanation: string }): Promise<TrailReport>
}

/** Effects: regular activities of an executor, named after the tool. The report is for readers; the ledger is believed. */
export type EffectActivity = (ref: StepRef) => Promise<EffectReport>
