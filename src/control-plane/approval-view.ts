import { digest } from '../digest.js'
import { dueEscalations, type Escalation } from '../domain/escalation.js'
import { flagName } from '../domain/flags.js'
import type { Requirements } from '../domain/policy.js'
import type { Stop } from '../domain/stop.js'
import type { BudgetStanding } from '../domain/tell-budget.js'
import { nextRevision } from '../domain/vote-revisions.js'
import { namesToAcknowledge, targetOf } from '../evidence/acknowledgement.js'
import type { Admitted, EvidenceDeps } from '../evidence/admitted.js'
import { scheduleOf } from '../evidence/deadlines.js'
import { flagsIn } from '../evidence/sealed-envelope.js'
import { chainOf, validVotes } from '../evidence/votes.js'
import type { EnvelopeRow } from '../ledger/action-record.js'
import { heldBy } from './action-view.js'
import { type ApprovalStanding, standingOf } from './approval-standing.js'
import { type AroundApproval, aroundApproval } from './around-approval.js'
import type { ControlPlane } from './control-plane.js'

/** An approval request as people see it. */
export interface ApprovalView extends AroundApproval {
  readonly id: string
  readonly action_id: string
  readonly envelope_digest: string
  /** The sealed description, as its bytes: `readRendering` reads them, and a vote names their digest. */
  readonly rendering: string
  readonly rendering_digest: string
  /** Why a click does not approve this; an approval names each of them in `acknowledged`. */
  readonly flags: readonly { readonly name: string; readonly says: string }[]
  /** Of the names of the flags. */
  readonly flags_digest: string
  /** What a person types who approves in spite of flags. */
  readonly target: string
  readonly requirements: Requirements
  readonly groups: readonly string[]
  readonly votes: readonly {
    readonly approver: string
    readonly vote: string
    readonly reason: string
    readonly method: string
    readonly at: string
    /** Of the votes of one person: 1, 2, ... */
    readonly revision: number
    /** Whether it is worth anything now: proven, not withdrawn or replaced, by somebody who may decide. */
    readonly counts: boolean
    /** The approver is part of the request: this deployment has declared that there is one person only. */
    readonly self_approved: boolean
  }[]
  /** `key`: some approvals have to be signed by the approver's own key. */
  readonly method_needed: 'any' | 'key'
  /** What the vote of whoever looks has to name, if it is signed. */
  readonly your_vote: { readonly revision: number; readonly self_approved: boolean }
  /** Where the budgets stand that this counts for; null in lists, and once it is decided. */
  readonly budgets: readonly BudgetStanding[] | null
  readonly sealed_at: string
  readonly expires_at: string
  /** From `at` on members of `to` may stand for `group` too. */
  readonly escalations: readonly (Escalation & { readonly due: boolean })[]
  /** What holds back the action meanwhile; an approval has no effect before it is resumed. */
  readonly stopped: Stop | null
  /** Who cancelled the action, if anybody did. */
  readonly cancelled_by: string | null
  readonly state: ApprovalStanding
}

export function viewApproval(
  deps: EvidenceDeps & Pick<ControlPlane, 'surfaceRules' | 'links' | 'uiLink' | 'inbox'>,
  admitted: Admitted,
  row: EnvelopeRow,
  person: string,
): ApprovalView {
  const { record } = admitted
  const recorded = votesOn(admitted, row)
  const valid = validVotes(deps, admitted, row)
  return {
    id: row.id,
    action_id: record.id,
    envelope_digest: row.digest,
    rendering: row.rendering,
    rendering_digest: row.rendering_digest,
    flags: flagsIn(row).map((flag) => ({ name: flagName(flag), says: flag.says })),
    flags_digest: digest(namesToAcknowledge(row)),
    target: targetOf(row),
    requirements: row.requirements,
    groups: row.approver_groups,
    votes: recorded.map((vote) => ({
      approver: vote.approver,
      vote: vote.vote,
      reason: vote.reason,
      method: vote.method,
      at: vote.voted_at,
      revision: vote.revision,
      counts: valid.includes(vote),
      self_approved: vote.self_approved,
    })),
    method_needed: (row.requirements.strong ?? 0) > 0 ? 'key' : 'any',
    your_vote: {
      revision: nextRevision(recorded.filter(({ approver }) => approver === person)),
      self_approved: chainOf(admitted).includes(person),
    },
    ...aroundApproval(deps, admitted, row, { person, votes: valid }),
    budgets: null,
    sealed_at: row.sealed_at,
    expires_at: row.expires_at,
    escalations: escalationsOf(row),
    stopped: record.outcome === null ? heldBy(record, admitted.request, admitted.authority) : null,
    cancelled_by: record.cancellation?.cancelled_by ?? null,
    state: standingOf(admitted, row, valid),
  }
}

function escalationsOf(row: EnvelopeRow): ApprovalView['escalations'] {
  const { escalations = [], nowMs } = scheduleOf(row)
  const due = dueEscalations(escalations, nowMs)
  return escalations.map((each) => ({ ...each, due: due.includes(each) }))
}

function votesOn({ record }: Admitted, row: EnvelopeRow) {
  return record.votes.filter(({ approval_id }) => approval_id === row.id)
}
