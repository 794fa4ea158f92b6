import { ExequaturError } from '../domain/errors.js'
import { cancelAction as record } from '../ledger/queries/cancel-action.js'
import type { ActionView } from './action-view.js'
import type { Caller, ControlPlane } from './control-plane.js'
import { sendHint } from './deliver-hints.js'
import { findAction, getAction } from './get-action.js'

/**
 * Orders that an action goes no further: no further step begins, and what it has committed is undone, also where that was
 * its last step. Once its ending is recorded there is nothing left to cancel. Requesters and people of the tenant may.
 * Throws `EXQ-6003`.
 */
export async function cancelAction(
  plane: ControlPlane,
  caller: Caller,
  action_id: string,
  reason: string,
): Promise<ActionView> {
  const { outcome } = await findAction(plane, caller, action_id)
  if (outcome) throw new ExequaturError('EXQ-6003', `${action_id} ended ${outcome}`)
  const ref = { tenant: caller.tenant, action_id }
  if (!(await record(plane.pool, ref, caller.principal.principal, reason))) {
    const now = await findAction(plane, caller, action_id)
    if (now.outcome && !now.cancellation) throw new ExequaturError('EXQ-6003', `${action_id} ended ${now.outcome}`)
  }
  await sendHint(plane, ref)
  return getAction(plane, caller, action_id)
}
