import type { Amendment } from '../domain/amendment.js'
import type { ErrorCode } from '../domain/errors.js'
import { errorTable } from '../domain/errors.js'
import { workflowId } from '../domain/ids.js'
import type { Outcome, Stage } from '../domain/lifecycle.js'
import { type DecisionResult, decidePlan, type Requirements } from '../domain/policy.js'
import type { ActionRequest } from '../domain/request.js'
import type { Stop } from '../domain/stop.js'
import type { Admitted, EvidenceDeps } from '../evidence/admitted.js'
import { openAttentions } from '../evidence/attention-state.js'
import { type StopFacts, stopOf } from '../evidence/stops.js'
import type { Authority } from '../identity/authority.js'
import type { ActionRecord, AttentionRow } from '../ledger/action-record.js'
import { admittedFor } from './admitted-for.js'
import type { ControlPlane } from './control-plane.js'
import { type MovedView, viewMoved } from './moved-view.js'
import { type ReviewsView, viewReviews } from './reviews-view.js'
import { type StepView, viewStep } from './step-view.js'

export interface OpenAttention extends Pick<AttentionRow, 'id' | 'step' | 'phase' | 'reason' | 'opened_at'> {
  readonly age_seconds: number
}

/** An ending other than success, in the form of every other error. */
export interface EndingProblem {
  readonly code: ErrorCode
  readonly title: string
  readonly detail: string
  readonly remedy: string
  readonly retryable: boolean
}

/** An action as every surface shows it. `outcome` is null until it ends. */
export interface ActionView {
  readonly id: string
  readonly request_id: string
  readonly tenant: string
  readonly actor: string
  /** The person it is made for, as the credential said; null for nobody else. */
  readonly on_behalf_of: string | null
  /** Whom the credential had come through before, nearest first. */
  readonly actors: readonly string[]
  readonly stage: Stage
  readonly outcome: Outcome | null
  readonly explanation: string | null
  readonly problem: EndingProblem | null
  readonly admitted_at: string
  readonly ended_at: string | null
  readonly request_digest: string
  readonly decision: {
    readonly result: DecisionResult
    readonly policy_ids: readonly string[]
    readonly policy_digest: string
    readonly explanation: string
  } | null
  readonly approval: {
    readonly id: string
    readonly envelope_digest: string
    readonly requirements: Requirements
    readonly expires_at: string
    readonly votes: readonly {
      readonly approver: string
      readonly vote: string
      readonly reason: string
      readonly at: string
    }[]
  } | null
  /** What people changed in it since it was asked for. */
  readonly amendments: readonly (Amendment & { readonly at: string })[]
  /** What was another by the time of the call than when it was decided; absent where nothing was. */
  readonly moved?: readonly MovedView[]
  /** What a machine may not settle about it and nobody has decided yet, oldest first. */
  readonly attention: readonly OpenAttention[]
  /** What holds it back now; null if nothing does, or it has ended. */
  readonly stopped: Stop | null
  /** Where it ran without people: who looked it over. */
  readonly review: ReviewsView | null
  readonly steps: readonly StepView[]
  readonly workflow: { readonly id: string; readonly run_id: string | null; readonly ui: string | null }
}

export function viewAction(
  plane: Pick<ControlPlane, 'uiLink'> & EvidenceDeps,
  record: ActionRecord,
  authority: Authority,
): ActionView {
  const request = JSON.parse(record.request) as ActionRequest
  const id = workflowId(record.tenant, record.id)
  const admitted = admittedFor(plane, { authority }, record)
  const moved = viewMoved(record, authority)
  return {
    id: record.id,
    request_id: record.request_id,
    tenant: record.tenant,
    actor: record.agent,
    on_behalf_of: request.on_behalf_of ?? null,
    actors: request.actors ?? [],
    stage: record.stage,
    outcome: record.outcome,
    explanation: record.explanation,
    problem: problemOf(record),
    admitted_at: record.admitted_at,
    ended_at: record.ended_at,
    request_digest: record.request_digest,
    decision: decisionOf(record),
    approval: approvalOf(record),
    amendments: admitted.amendments.map(({ previous_digest: _, ...amendment }) => amendment),
    ...(moved.length > 0 && { moved }),
    attention: attentionOf(plane, admitted),
    stopped: record.outcome === null ? heldBy(record, request, authority) : null,
    review: viewReviews(record),
    steps: request.plan.steps.map(({ id, tool }) => viewStep(admitted, id, tool)),
    workflow: { id, run_id: record.run_id, ui: plane.uiLink(id, record.run_id) },
  }
}

function attentionOf(deps: EvidenceDeps, admitted: Admitted): OpenAttention[] {
  return openAttentions(deps, admitted).map(({ id, step, phase, reason, opened_at, age_ms }) => ({
    id,
    step,
    phase,
    reason,
    opened_at,
    age_seconds: Math.floor(age_ms / 1_000),
  }))
}

/** The stop that holds what an action would do next. */
export function heldBy(
  { contracts, halt }: Pick<ActionRecord, 'contracts' | 'halt'>,
  request: ActionRequest,
  authority: StopFacts,
): Stop | null {
  const stops = Object.values(contracts).flatMap(({ tool }) => stopOf(authority, request, tool, halt !== null) ?? [])
  return stops.find(({ pending }) => pending === 'end') ?? stops[0] ?? null
}

function decisionOf({ decisions }: ActionRecord): ActionView['decision'] {
  const round = Math.max(0, ...decisions.filter(({ stage }) => stage === 'policy').map(({ round }) => round))
  const last = decisions.filter((row) => row.stage === 'policy' && row.round === round)
  if (last.length === 0) return null
  const { result, policy_ids, policy_digest, explanation } = decidePlan(last)
  return { result, policy_ids, policy_digest, explanation }
}

function approvalOf({ envelopes, votes }: ActionRecord): ActionView['approval'] {
  const envelope = envelopes.at(-1)
  if (!envelope) return null
  return {
    id: envelope.id,
    envelope_digest: envelope.digest,
    requirements: envelope.requirements,
    expires_at: envelope.expires_at,
    votes: votes
      .filter(({ approval_id }) => approval_id === envelope.id)
      .map(({ approver, vote, reason, voted_at }) => ({ approver, vote, reason, at: voted_at })),
  }
}

const codeOf: Readonly<Record<Exclude<Outcome, 'succeeded'>, ErrorCode>> = {
  denied: 'EXQ-3001',
  rejected: 'EXQ-4006',
  expired: 'EXQ-4007',
  cancelled: 'EXQ-5007',
  failed: 'EXQ-5004',
  compensated: 'EXQ-5004',
  'needs-attention': 'EXQ-5002',
}

function problemOf({ outcome, explanation }: ActionRecord): EndingProblem | null {
  if (!outcome || outcome === 'succeeded') return null
  // An explanation that begins with a code of the table is more exact than the outcome.
  const named = /^(EXQ-\d{4}) /.exec(explanation ?? '')?.[1] as ErrorCode | undefined
  const code = named && named in errorTable ? named : codeOf[outcome]
  const { title, remedy, retryable } = errorTable[code]
  return { code, title, detail: (explanation ?? '').replace(/^EXQ-\d{4} /, ''), remedy, retryable }
}
