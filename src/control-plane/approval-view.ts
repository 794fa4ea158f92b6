import type { ApprovalState } from '../domain/approval.js'
import { dueEscalations, type Escalation } from '../domain/escalation.js'
import type { Requirements } from '../domain/policy.js'
import type { Stop } from '../domain/stop.js'
import type { Admitted } from '../evidence/admitted.js'
import { scheduleOf } from '../evidence/deadlines.js'
import { isFresh } from '../evidence/votes.js'
import type { EnvelopeRow } from '../ledger/action-record.js'
import { heldBy } from './action-view.js'

/** An approval request as people see it. The rendering is drawn from the sealed bytes. */
export interface ApprovalView {
  readonly id: string
  readonly action_id: string
  readonly envelope_digest: string
  readonly rendering: string
  readonly rendering_digest: string
  readonly requirements: Requirements
  readonly groups: readonly string[]
  readonly votes: readonly {
    readonly approver: string
    readonly vote: string
    readonly reason: string
    readonly method: string
    readonly at: string
  }[]
  readonly expires_at: string
  /** From `at` on members of `to` may stand for `group` too. */
  readonly escalations: readonly (Escalation & { readonly due: boolean })[]
  /** What holds back the action meanwhile; an approval has no effect before it is resumed. */
  readonly stopped: Stop | null
  readonly state: Exclude<ApprovalState, 'approved'> | 'decided'
}

export function viewApproval(admitted: Admitted, row: EnvelopeRow): ApprovalView {
  const { record } = admitted
  return {
    id: row.id,
    action_id: record.id,
    envelope_digest: row.digest,
    rendering: row.rendering,
    rendering_digest: row.rendering_digest,
    requirements: row.requirements,
    groups: row.approver_groups,
    votes: votesOn(admitted, row).map(({ approver, vote, reason, method, voted_at }) => ({
      approver,
      vote,
      reason,
      method,
      at: voted_at,
    })),
    expires_at: row.expires_at,
    escalations: escalationsOf(row),
    stopped: record.outcome === null ? heldBy(record, admitted.request, admitted.authority) : null,
    state: stateOf(admitted, row),
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

function stateOf(admitted: Admitted, row: EnvelopeRow): ApprovalView['state'] {
  const { record } = admitted
  if (record.cancellation) return 'cancelled'
  if (votesOn(admitted, row).some(({ vote }) => vote === 'reject')) return 'rejected'
  const passed = record.outcome !== null || record.stage !== 'approval' || record.envelopes.at(-1)?.id !== row.id
  if (passed) return record.outcome === 'expired' ? 'expired' : 'decided'
  if (row.left_ms <= 0) return 'expired'
  return isFresh(admitted, row) ? 'waiting' : 'stale'
}
