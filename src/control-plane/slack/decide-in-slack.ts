import { digest } from '../../digest.js'
import { type ErrorCode, ExequaturError, isExequaturError } from '../../domain/errors.js'
import { recordRefusal } from '../../ledger/queries/record-refusal.js'
import type { ApprovalView } from '../approval-view.js'
import { castVote } from '../cast-vote.js'
import type { ControlPlane } from '../control-plane.js'
import { leaveRefusal } from '../leave-refusal.js'
import { getApproval } from '../list-approvals.js'
import { type SlackUser, slackAccount, slackCaller } from './slack-user.js'

/** What a button is of, as it was drawn: the request and the digests of what was shown. */
export interface Shown {
  readonly approval_id: string
  readonly envelope_digest: string
  readonly rendering_digest: string
}

/**
 * A decision that came in by a click, as the person whom the Slack user is linked to, under the present authority. What
 * {@link castVote} refuses it refuses, and buttons that are not of the request. Throws `EXQ-5045`, `EXQ-5049` besides.
 */
export async function decideInSlack(
  plane: ControlPlane,
  asking: SlackUser,
  shown: Shown,
  decision: { readonly vote: 'approve' | 'reject'; readonly reason: string },
): Promise<ApprovalView> {
  const caller = await orRefuse(plane, asking, shown, () => slackCaller(plane, asking))
  await leaveRefusal(plane, caller, shown, async () => {
    const { envelope_digest, rendering_digest } = await getApproval(plane, caller, shown.approval_id).catch(foreign)
    if (envelope_digest !== shown.envelope_digest || rendering_digest !== shown.rendering_digest)
      throw new ExequaturError('EXQ-5049', `${shown.approval_id} was sealed with other digests`)
  })
  const { envelope_digest } = shown
  return castVote(plane, caller, shown.approval_id, { ...decision, envelope_digest, method: 'slack' })
}

/** Notes that somebody who is no person, or may not act here, tried to. */
export async function refuseInSlack(
  { pool }: Pick<ControlPlane, 'pool'>,
  asking: SlackUser,
  code: ErrorCode,
  asked: object,
): Promise<void> {
  const request_digest = digest(asked)
  await recordRefusal(pool, { tenant: asking.tenant, principal: slackAccount(asking), code, request_digest })
}

async function orRefuse<T>(plane: ControlPlane, asking: SlackUser, asked: object, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (isExequaturError(error)) await refuseInSlack(plane, asking, error.code, asked)
    throw error
  }
}

/** We draw no button of a request that is not there. */
function foreign(error: unknown): never {
  if (isExequaturError(error) && error.code === 'EXQ-4001') throw new ExequaturError('EXQ-5049', error.detail)
  throw error
}
