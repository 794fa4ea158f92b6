import { crashPoint } from '../crash-point.js'
import { isStrong, type VoteKind, type VoteStatement } from '../domain/approval.js'
import { ExequaturError } from '../domain/errors.js'
import { flagName } from '../domain/flags.js'
import { mayApproveBy } from '../domain/surface-rules.js'
import { nextRevision, nextVote } from '../domain/vote-revisions.js'
import { acknowledgesAll, namesToAcknowledge } from '../evidence/acknowledgement.js'
import type { Admitted } from '../evidence/admitted.js'
import { riskOf } from '../evidence/risk.js'
import { flagsIn } from '../evidence/sealed-envelope.js'
import { chainOf, isFresh, recordedVotes } from '../evidence/votes.js'
import type { EnvelopeRow } from '../ledger/action-record.js'
import { castVote as record } from '../ledger/queries/cast-vote.js'
import { ledgerTime } from '../ledger/queries/ledger-time.js'
import type { ApprovalView } from './approval-view.js'
import { authenticateAgain } from './authenticate.js'
import type { Caller, ControlPlane } from './control-plane.js'
import { sendHint } from './deliver-hints.js'
import { leaveRefusal } from './leave-refusal.js'
import { findOpenOrClosed, getApproval } from './list-approvals.js'
import { requireEntitled } from './require-entitled.js'
import { checkSigned, readStatement, signByServer, type VoteSignedByPerson } from './sign-vote.js'
import { methodOfProof } from './signed-statement.js'

/** A vote that the server signs, and so vouches for. */
export interface PlainVote {
  readonly vote: VoteKind
  readonly reason: string
  /** Of the envelope the person was shown. */
  readonly envelope_digest: string
  /** The surface the vote came through, as `http`, `cli`. */
  readonly method: string
  /** The names of all flags, if what was shown has any and this approves it. */
  readonly acknowledged?: readonly string[] | undefined
}

export type Vote = PlainVote | VoteSignedByPerson

/**
 * Records a person's vote, signed, and tells the workflow to look. One person, one vote, whatever the account: the same
 * one again changes nothing. Throws `EXQ-4001`-`EXQ-4005`, `EXQ-4010`-`EXQ-4014`, `EXQ-4040`, `EXQ-4050`, `EXQ-4051`; who may not decide leaves a refusal.
 */
export function castVote(plane: ControlPlane, caller: Caller, approvalId: string, vote: Vote): Promise<ApprovalView> {
  return leaveRefusal(plane, caller, { approval_id: approvalId, vote }, () => cast(plane, caller, approvalId, vote))
}

async function cast(plane: ControlPlane, caller: Caller, approvalId: string, vote: Vote): Promise<ApprovalView> {
  const { admitted, row } = await findOpenOrClosed(plane, caller, approvalId)
  const approver = caller.principal.principal
  requireEntitled(plane, admitted, approver, row)
  const wish =
    'statement' in vote
      ? readStatement(vote.statement)
      : { ...vote, acknowledged: [...new Set(vote.acknowledged)].sort() }
  if (wish.envelope_digest !== row.digest)
    throw new ExequaturError('EXQ-4004', `${approvalId} has the digest ${row.digest}`)
  if (wish.vote === 'withdraw') requireUnused(admitted, row)
  if (wish.vote === 'reject' && wish.reason.trim() === '')
    throw new ExequaturError('EXQ-4051', `the rejection of ${approvalId} says no reason`)
  const method = 'statement' in vote ? methodOfProof(vote) : vote.method
  if (wish.vote === 'approve') {
    requireStrongEnough(plane, admitted, row, method)
    requireAcknowledged(row, wish.acknowledged)
  }
  const ref = { tenant: caller.tenant, action_id: admitted.record.id }
  if (!isFresh(admitted, row)) {
    await sendHint(plane, ref)
    throw new ExequaturError('EXQ-4004', 'the policy changed since this was sealed; it is being sealed anew')
  }
  const own = recordedVotes(plane, admitted, row).filter((each) => each.approver === approver)
  const statement: VoteStatement = {
    tenant: caller.tenant,
    approval_id: approvalId,
    envelope_digest: row.digest,
    rendering_digest: row.rendering_digest,
    approver,
    account: caller.account,
    revision: nextRevision(own),
    vote: wish.vote,
    reason: wish.reason,
    method,
    acknowledged: wish.acknowledged,
    self_approved: chainOf(admitted).includes(approver),
    at: await ledgerTime(plane.pool),
  }
  switch (nextVote(own, { vote: statement.vote, strong: isStrong(statement.method) })) {
    case 'same':
      return getApproval(plane, caller, approvalId)
    case 'final':
      throw new ExequaturError('EXQ-4005', `${approver} has rejected ${approvalId}`)
    case 'nothing-to-withdraw':
      throw new ExequaturError('EXQ-4011', `${approver} has no vote on ${approvalId}`)
    case 'record':
  }
  const signed = 'statement' in vote ? checkSigned(plane, caller, statement, vote) : signByServer(plane, statement)
  crashPoint('vote.received')
  switch (await record(plane.pool, ref, signed, caller.authority.revision)) {
    case 'cast':
      crashPoint('vote.recorded')
      await sendHint(plane, ref)
      crashPoint('vote.hinted')
      return getApproval(plane, caller, approvalId)
    case 'voted-before':
      return cast(plane, caller, approvalId, vote)
    case 'closed': {
      if (wish.vote === 'withdraw') {
        const now = await findOpenOrClosed(plane, caller, approvalId)
        requireUnused(now.admitted, now.row)
      }
      throw new ExequaturError('EXQ-4002', `${approvalId} is no longer open for votes`)
    }
    case 'moved':
      return cast(plane, await authenticateAgain(plane.authorities, caller), approvalId, vote)
  }
}

/** What risks much is not approved by the lightest gesture; what would be strong enough is said. */
function requireStrongEnough(plane: ControlPlane, admitted: Admitted, row: EnvelopeRow, method: string): void {
  const risk = riskOf(admitted, row)
  if (mayApproveBy(plane.surfaceRules, method, risk)) return
  const limit = method === 'slack' ? plane.surfaceRules.slackUpTo : plane.surfaceRules.inboxUpTo
  throw new ExequaturError('EXQ-4050', `${row.id} is of ${risk} risk, and ${method} approves up to ${limit}`)
}

/** What may deceive whoever looks at it is not approved without saying so, flag by flag. */
function requireAcknowledged(row: EnvelopeRow, acknowledged: readonly string[]): void {
  if (acknowledgesAll(namesToAcknowledge(row), acknowledged)) return
  const flags = flagsIn(row).map((flag) => ({ pointer: flag.pointer, message: `${flagName(flag)}: ${flag.says}` }))
  throw new ExequaturError('EXQ-4040', `${row.id} has ${flags.length} flags`, flags)
}

/** What is used cannot be taken back. */
function requireUnused({ record }: Admitted, row: EnvelopeRow): void {
  const used = record.intents.find(({ envelope_digest }) => envelope_digest === row.digest)
  if (used) throw new ExequaturError('EXQ-4010', `${row.id} let ${used.step} be executed at ${used.intended_at}`)
}
