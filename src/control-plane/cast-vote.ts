import { canonical } from '../digest.js'
import type { VoteKind, VoteStatement } from '../domain/approval.js'
import { ExequaturError } from '../domain/errors.js'
import { isEntitled, isFresh } from '../evidence/votes.js'
import { castVote as record } from '../ledger/queries/cast-vote.js'
import { ledgerTime } from '../ledger/queries/ledger-time.js'
import type { ApprovalView } from './approval-view.js'
import { authenticateAgain } from './authenticate.js'
import type { Caller, ControlPlane } from './control-plane.js'
import { sendHint } from './deliver-hints.js'
import { findOpenOrClosed, getApproval } from './list-approvals.js'

export interface Vote {
  readonly vote: VoteKind
  readonly reason: string
  /** Of the envelope the person was shown. */
  readonly envelope_digest: string
  /** The surface the vote came through, as `http`, `cli`. */
  readonly method: string
}

/**
 * Records a person's vote, signed, and tells the workflow to look. One person, one vote: the same one again changes
 * nothing. Throws `EXQ-4001`-`EXQ-4005`.
 */
export async function castVote(
  plane: ControlPlane,
  caller: Caller,
  approvalId: string,
  vote: Vote,
): Promise<ApprovalView> {
  const { admitted, row } = await findOpenOrClosed(plane, caller, approvalId)
  const approver = caller.principal.principal
  if (!isEntitled(admitted, approver, row)) {
    throw new ExequaturError(
      'EXQ-4003',
      `${approver} is asked by none of ${row.approver_groups.join(', ')}, or is part of the request`,
    )
  }
  if (vote.envelope_digest !== row.digest)
    throw new ExequaturError('EXQ-4004', `${approvalId} has the digest ${row.digest}`)
  const ref = { tenant: caller.tenant, action_id: admitted.record.id }
  if (!isFresh(admitted, row)) {
    await sendHint(plane, ref)
    throw new ExequaturError('EXQ-4004', 'the policy changed since this was sealed; it is being sealed anew')
  }
  const statement: VoteStatement = {
    tenant: caller.tenant,
    approval_id: approvalId,
    envelope_digest: row.digest,
    rendering_digest: row.rendering_digest,
    approver,
    vote: vote.vote,
    reason: vote.reason,
    method: vote.method,
    at: await ledgerTime(plane.pool),
  }
  const bytes = canonical(statement)
  const signed = {
    ...statement,
    statement: bytes,
    key_id: plane.signingKey.keyId,
    signature: plane.signingKey.sign(bytes),
  }
  switch (await record(plane.pool, ref, signed, caller.authority.revision)) {
    case 'cast':
      await sendHint(plane, ref)
      break
    case 'voted-before': {
      const before = admitted.record.votes.find((each) => each.approval_id === approvalId && each.approver === approver)
      if (before && before.vote !== vote.vote) throw new ExequaturError('EXQ-4005', `${approver} voted ${before.vote}`)
      break
    }
    case 'closed':
      throw new ExequaturError('EXQ-4002', `${approvalId} is no longer open for votes`)
    case 'moved':
      return castVote(plane, await authenticateAgain(plane.authorities, caller), approvalId, vote)
  }
  return getApproval(plane, caller, approvalId)
}
