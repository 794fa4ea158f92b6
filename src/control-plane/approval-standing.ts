import type { ApprovalState } from '../domain/approval.js'
import type { Admitted } from '../evidence/admitted.js'
import { isFresh } from '../evidence/votes.js'
import type { EnvelopeRow, VoteRow } from '../ledger/action-record.js'

/** `superseded`: it was sealed and asked for anew. `ended`: the action ended without it. */
export const approvalStandings = [
  'waiting',
  'approved',
  'rejected',
  'expired',
  'cancelled',
  'stale',
  'superseded',
  'ended',
] as const satisfies readonly (ApprovalState | 'superseded' | 'ended')[]

export type ApprovalStanding = (typeof approvalStandings)[number]

/** What became of an approval request, by what is recorded of its action. `valid` are the votes that count. */
export function standingOf(admitted: Admitted, row: EnvelopeRow, valid: readonly VoteRow[]): ApprovalStanding {
  const { record } = admitted
  // What was acted on was approved, whatever became of the action, or of those who voted, afterwards.
  if (record.intents.some(({ envelope_digest }) => envelope_digest === row.digest)) return 'approved'
  if (record.envelopes.at(-1)?.id !== row.id) return 'superseded'
  const rejected = valid.some(({ vote }) => vote === 'reject')
  switch (record.outcome) {
    case 'rejected':
    case 'expired':
    case 'cancelled':
      return record.outcome
    case null:
      break
    default:
      return rejected ? 'rejected' : 'ended'
  }
  if (record.cancellation) return 'cancelled'
  if (rejected) return 'rejected'
  if (record.stage === 'execution' || record.stage === 'verification') return 'approved'
  if (row.left_ms <= 0) return 'expired'
  if (record.stage === 'approval' && isFresh(admitted, row)) return 'waiting'
  return record.stage === 'compensation' ? 'ended' : 'stale'
}
