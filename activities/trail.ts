import { Context } from '@temporalio/activity'
import { crashPoint } from '../src/crash-point.js'
import type { ActionRef, TrailReport } from '../src/domain/activities.js'
import { tellCancellation } from '../src/domain/compensation.js'
import type { Outcome } from '../src/domain/lifecycle.js'
import type { EvidenceDeps } from '../src/evidence/admitted.js'
import { closeAction } from '../src/ledger/queries/close-action.js'
import { requireAdmitted } from './request.js'

/** Records how the action ended; the first ending stands, over resets too, and a cancellation that came before it. */
export async function closeTrail(
  deps: EvidenceDeps,
  ref: ActionRef & { readonly outcome: Outcome; readonly explanation: string },
): Promise<TrailReport> {
  const run_id = Context.current().info.workflowExecution?.runId ?? ''
  crashPoint('ending.unwritten')
  const outcome = await closeAction(deps.pool, ref, { outcome: ref.outcome, explanation: ref.explanation, run_id })
  crashPoint('ending.recorded')
  if (outcome) return { outcome }
  const { cancellation } = (await requireAdmitted(deps, ref)).record
  return cancellation ? { outcome: null, cancelled: tellCancellation(cancellation) } : { outcome: ref.outcome }
}
