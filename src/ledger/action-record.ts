import type { AmendmentStatement, Change } from '../domain/amendment.js'
import type { VoteStatement } from '../domain/approval.js'
import type { AttendedPhase, AttentionReason, ResolutionStatement } from '../domain/attention.js'
import type { Halt } from '../domain/compensation.js'
import type { PinnedContract, Risk } from '../domain/contract.js'
import type { Standing } from '../domain/downstream-slot.js'
import type { ErrorCode } from '../domain/errors.js'
import type { JsonObject } from '../domain/json.js'
import type { Outcome, Phase, Stage } from '../domain/lifecycle.js'
import type { PolicyDecision, Requirements } from '../domain/policy.js'
import type { ReviewStanding, Verdict } from '../domain/review.js'
import type { ReadKind, SessionFacts } from '../domain/session.js'
import type { Cut } from '../domain/view.js'
import type { LateResultRow, LookRow, VerificationRow } from './settlement-rows.js'

/** Everything the ledger holds about one action. Times are ISO 8601, by the ledger's clock. */
export interface ActionRecord {
  readonly tenant: string
  readonly id: string
  readonly agent: string
  readonly request_id: string
  /** RFC 8785 bytes of the admitted request. */
  readonly request: string
  readonly request_digest: string
  readonly contracts: Readonly<Record<string, PinnedContract>>
  readonly tools: readonly string[]
  readonly risk: Risk
  readonly subject: string | null
  readonly admitted_at: string
  readonly revision: number
  readonly run_id: string | null
  readonly stage: Stage
  readonly outcome: Outcome | null
  readonly explanation: string | null
  readonly ended_at: string | null
  readonly authority_revision: number
  /** What the agent did and read before, in other actions too; absent where it was not asked for. */
  readonly session?: SessionFacts
  /** The limits of downstreams that are not at rest, by name; absent where it was not asked for. */
  readonly downstreams?: Readonly<Record<string, Standing>> | null
  /** Where its review stands; null where there is nothing to look over. */
  readonly review: ReviewStanding | null
  readonly reviews: readonly (Review & { readonly reviewed_at: string })[]
  readonly cancellation: {
    readonly cancelled_by: string
    readonly cancelled_at: string
    readonly reason: string
  } | null
  readonly halt: Halt | null
  readonly decisions: readonly DecisionRow[]
  readonly envelopes: readonly EnvelopeRow[]
  readonly votes: readonly VoteRow[]
  readonly amendments: readonly AmendmentRow[]
  readonly intents: readonly IntentRow[]
  readonly attempts: readonly AttemptRow[]
  readonly outcomes: readonly OutcomeRow[]
  /** By step, each with its looks in order. */
  readonly observations: readonly ObservationRow[]
  /** Of each call the finding that settles it. */
  readonly verifications: readonly VerificationRow[]
  /** The newest looks at what calls came to, oldest first. */
  readonly looks: readonly LookRow[]
  /** Answers that came after something else was recorded. */
  readonly late_results: readonly LateResultRow[]
  /** What a machine may not settle about it, oldest first. */
  readonly attentions: readonly AttentionRow[]
  readonly resolutions: readonly ResolutionRow[]
}

/** Who stands behind a record, beside its tool and its policies; null in records from before this was kept. */
interface IdentityColumns {
  readonly agent: string | null
  readonly on_behalf_of: string | null
  readonly actors: readonly string[] | null
  readonly workflow_id: string | null
  readonly run_id: string | null
}

export interface DecisionRow extends PolicyDecision, IdentityColumns {
  readonly tool: string | null
  readonly stage: 'policy' | 'intent'
  readonly phase: Phase
  readonly round: number
  /** The look that a decision of a step rests on; null where nothing was observed, and in old records of look 0. */
  readonly look: number | null
  /** What had changed since the round was decided, so that there is no intent; null where nothing had. */
  readonly moved: readonly Change[] | null
  readonly decided_at: string
}

export interface ObservationRow {
  readonly step: string
  /** 0 before the policy; further ones right before an intent. */
  readonly look: number
  readonly tool: string
  readonly output: JsonObject
  readonly output_digest: string
  readonly observed_at: string
  readonly age_ms: number
}

export interface EnvelopeRow {
  readonly round: number
  readonly id: string
  readonly digest: string
  readonly envelope: string
  readonly rendering: string
  readonly rendering_digest: string
  readonly requirements: Requirements
  readonly approver_groups: readonly string[]
  readonly policy_digest: string
  readonly sealed_at: string
  readonly expires_at: string
  readonly left_ms: number
  /** Whether the server has seen it decided, out of date or expired. */
  readonly closed: boolean
}

export interface VoteRow extends Omit<VoteStatement, 'tenant' | 'at'> {
  readonly statement: string
  readonly key_id: string
  readonly signature: string
  readonly voted_at: string
}

/** As it was written; what counts of it is for the evidence to say. */
export interface AmendmentRow extends Omit<AmendmentStatement, 'kind' | 'tenant' | 'action_id' | 'at'> {
  readonly statement: string
  readonly key_id: string
  readonly signature: string
  readonly amended_at: string
}

export interface AttentionRow {
  readonly id: string
  readonly step: string
  readonly phase: AttendedPhase
  readonly generation: number
  readonly ordinal: number
  readonly reason: AttentionReason
  /** What was known when it was opened. */
  readonly known: JsonObject
  readonly opened_at: string
  readonly age_ms: number
}

/** As it was written; what counts of it is for the evidence to say. */
export interface ResolutionRow extends Omit<ResolutionStatement, 'kind' | 'tenant' | 'action_id' | 'at'> {
  readonly statement: string
  /** Of the server. */
  readonly key_id: string
  readonly signature: string
  /** Of the person, where the method is `key`. */
  readonly own_key_id: string | null
  readonly own_signature: string | null
  readonly resolved_at: string
}

interface CallKey {
  readonly step: string
  readonly phase: Phase
  readonly generation: number
}

export interface IntentRow extends CallKey, IdentityColumns {
  readonly round: number
  readonly principal: string
  readonly tool: string
  readonly contract_digest: string
  readonly args: JsonObject
  readonly args_digest: string
  readonly idempotency_key: string
  readonly policy_ids: readonly string[]
  readonly policy_digest: string
  /** What the call may bring into the session. */
  readonly reads: readonly ReadKind[]
  readonly envelope_digest: string | null
  readonly of_attempt: number | null
  /** The look it rests on, where the contract wants a fresh one. */
  readonly look: number | null
  readonly intended_at: string
}

export interface AttemptRow extends CallKey {
  readonly attempt: number
  readonly executor: string
  readonly attempted_at: string
  readonly age_ms: number
}

export interface OutcomeRow extends CallKey {
  readonly attempt: number
  readonly effect: 'committed' | 'not-committed' | 'unknown'
  readonly output: JsonObject | null
  /** What was taken out of the output before it was recorded. */
  readonly cut: Cut | null
  readonly error: { readonly code: ErrorCode; readonly detail: string } | null
  readonly recorded_at: string
  /** Age since it was recorded, by the ledger's clock. */
  readonly age_ms: number
}

/** What a person said who looked an action over. */
export interface Review {
  readonly reviewer: string
  readonly verdict: Verdict
  readonly reason: string | null
}

const rows = (table: string, order: string, extra = '') =>
  `coalesce((select json_agg(to_jsonb(r) ${extra} order by ${order}) from ${table} r where r.tenant = a.tenant and r.action_id = a.id), '[]') as ${table}`

const ageOf = (column: string, name = 'age_ms') =>
  `|| jsonb_build_object('${name}', floor(extract(epoch from now() - r.${column}) * 1000))`

// A call that nobody can settle is looked at for as long as that takes.
const shownLooks = 30

/** The columns of an {@link ActionRecord}, from `actions a`. */
export const actionColumns = `
  a.tenant, a.id, a.agent, a.request_id, a.request, a.request_digest, a.contracts, a.tools, a.risk, a.subject,
  to_json(a.admitted_at)#>>'{}' as admitted_at, a.revision, a.run_id, a.stage, a.outcome, a.explanation, a.review,
  to_json(a.ended_at)#>>'{}' as ended_at,
  coalesce((select value from counters c where c.tenant = a.tenant and c.name = 'authority'), 0) as authority_revision,
  (select to_jsonb(c) from cancellations c where c.tenant = a.tenant and c.action_id = a.id) as cancellation,
  (select halt from halts h where h.tenant = a.tenant and h.action_id = a.id) as halt,
  ${rows('decisions', 'r.decided_at')},
  ${rows(
    'envelopes',
    'r.round',
    `|| jsonb_build_object('left_ms', floor(extract(epoch from r.expires_at - now()) * 1000), 'closed', exists (
      select from notices n where n.tenant = r.tenant and n.approval_id = r.id and n.kind = 'closed'))`,
  )},
  ${rows('votes', 'r.voted_at, r.approver, r.revision')},
  ${rows('amendments', 'r.revision')},
  ${rows('intents', 'r.intended_at')},
  ${rows('attempts', 'r.attempt', ageOf('attempted_at'))},
  ${rows('outcomes', 'r.recorded_at', ageOf('recorded_at'))},
  ${rows('observations', 'r.step, r.look', ageOf('observed_at'))},
  ${rows('verifications', 'r.verified_at')},
  ${rows('attentions', 'r.opened_at, r.id', `|| jsonb_build_object('age_ms', floor(extract(epoch from now() - r.opened_at) * 1000))`)},
  ${rows('resolutions', 'r.resolved_at, r.revision')},
  coalesce((select json_agg(to_jsonb(r) ${ageOf('began_at', 'began_ms')} ${ageOf('looked_at')} order by r.look)
    from (select * from looks where tenant = a.tenant and action_id = a.id order by look desc limit ${shownLooks}) r), '[]') as looks,
  ${rows('late_results', 'r.arrived_at', ageOf('arrived_at'))},
  ${rows('reviews', 'r.reviewed_at')}`
