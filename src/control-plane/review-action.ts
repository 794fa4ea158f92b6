import { ExequaturError } from '../domain/errors.js'
import type { Verdict } from '../domain/review.js'
import { mayReview } from '../evidence/reviewers.js'
import { recordReview } from '../ledger/queries/record-review.js'
import type { ActionView } from './action-view.js'
import { admittedFor } from './admitted-for.js'
import type { Caller, ControlPlane } from './control-plane.js'
import { findAction, getAction } from './get-action.js'
import { requirePerson } from './require-person.js'

export type ReviewWish =
  | { readonly verdict: 'looked-at'; readonly reason?: string | undefined }
  | { readonly verdict: Exclude<Verdict, 'looked-at'>; readonly reason: string }

/**
 * Records that a person looked over what ran without people, or objects to it. An objection stays, whoever looks
 * afterwards. Throws `EXQ-2002`, `EXQ-6001`, `EXQ-4031`, `EXQ-4032`.
 */
export async function reviewAction(
  plane: ControlPlane,
  caller: Caller,
  action_id: string,
  { verdict, reason }: ReviewWish,
): Promise<ActionView> {
  const record = await findAction(plane, caller, action_id)
  requirePerson(caller, 'look over what was done')
  if (!record.review) {
    const why = record.outcome ? 'changed nothing that people had not approved' : 'has not ended'
    throw new ExequaturError('EXQ-4031', `${action_id} ${why}`)
  }
  const reviewer = caller.principal.principal
  if (!mayReview(plane, admittedFor(plane, caller, record), reviewer))
    throw new ExequaturError('EXQ-4032', `${reviewer} is in no approver group of its tools, or is part of the request`)
  await recordReview(plane.pool, { tenant: caller.tenant, action_id }, { reviewer, verdict, reason: reason ?? null })
  return getAction(plane, caller, action_id)
}
