import { digest } from '../../digest.js'
import { type ErrorCode, ExequaturError, isExequaturError } from '../../domain/errors.js'
import { recordRefusal } from '../../ledger/queries/record-refusal.js'
import { takeSlackClick } from '../../ledger/queries/take-slack-click.js'
import type { ApprovalView } from '../approval-view.js'
import { castVote } from '../cast-vote.js'
import type { Caller, ControlPlane } from '../control-plane.js'
import { leaveRefusal } from '../leave-refusal.js'
import { getApproval } from '../list-approvals.js'
import { readValue } from './shown.js'
import { type SlackUser, slackAccount, slackCaller } from './slack-user.js'

/** What somebody in Slack decides. */
export interface SlackDecision {
  /** Slack's own id of what they did: the same where Slack tells of it again. */
  readonly click: string
  /** What the button, or the modal, carried. */
  readonly value: string
  readonly vote: 'approve' | 'reject'
  readonly reason: string
}

/**
 * A decision that came in by a click, as the person whom the Slack user is linked to, under the present authority. Each
 * click is taken once, and before anything comes of it: one that comes again resolves to null, and changes nothing, also
 * where the vote was withdrawn since. What {@link castVote} refuses it refuses, and what {@link lookInSlack} does.
 */
export async function decideInSlack(
  plane: ControlPlane,
  asking: SlackUser,
  { click, value, vote, reason }: SlackDecision,
): Promise<ApprovalView | null> {
  const { tenant, team, user } = asking
  if (!(await takeSlackClick(plane.pool, tenant, { team, slack_user: user, click }))) return null
  const { caller, view } = await look(plane, asking, value)
  const { id, envelope_digest } = view
  return castVote(plane, caller, id, { vote, reason, envelope_digest, method: 'slack' })
}

/**
 * The request that a button is of, as the person whom the Slack user is linked to sees it. A button that we never drew,
 * or not for this request, leaves a refusal. Throws `EXQ-5045`, `EXQ-5049`.
 */
export async function lookInSlack(plane: ControlPlane, asking: SlackUser, value: string): Promise<ApprovalView> {
  return (await look(plane, asking, value)).view
}

async function look(
  plane: ControlPlane,
  asking: SlackUser,
  value: string,
): Promise<{ readonly caller: Caller; readonly view: ApprovalView }> {
  const caller = await orRefuse(plane, asking, { value }, () => slackCaller(plane, asking))
  return leaveRefusal(plane, caller, { value }, async () => {
    const shown = readValue(value)
    if (!shown) throw new ExequaturError('EXQ-5049', 'it carries no request')
    const view = await getApproval(plane, caller, shown.approval_id).catch(foreign)
    if (view.envelope_digest !== shown.envelope_digest || view.rendering_digest !== shown.rendering_digest)
      throw new ExequaturError('EXQ-5049', `${shown.approval_id} was sealed with other digests`)
    return { caller, view }
  })
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
