import { Context } from '@temporalio/activity'
import { crashPoint } from '../src/crash-point.js'
import type { ActionRef, TrailReport } from '../src/domain/activities.js'
import { tellCancellation } from '../src/domain/compensation.js'
import type { Outcome } from '../src/domain/lifecycle.js'
import type { EvidenceDeps } from '../src/evidence/admitted.js'
import { leftInDoubt } from '../src/evidence/left-in-doubt.js'
import { leftStanding } from '../src/evidence/left-standing.js'
import { closeAction } from '../src/ledger/queries/close-action.js'
import { requireAdmitted } from './request.js'

/** Records how the action ended; the first ending stands, over resets too, and a cancellation that came before it. */
export async function closeTrail(
  deps: EvidenceDeps,
  ref: ActionRef & { readonly outcome: Outcome; readonly explanation: string },
): Promise<TrailReport> {
  const run_id = Context.current().info.workflowExecution?.runId ?? ''
  // It is judged again where something was begun since.
  for (;;) {
    const ending = await truthful(deps, ref)
    crashPoint('ending.unwritten')
    const outcome = await closeAction(deps.pool, ref, { ...ending, run_id })
    crashPoint('ending.recorded')
    if (outcome) return { outcome }
    if (ending.intents !== undefined) continue
    const { cancellation } = (await requireAdmitted(deps, ref)).record
    if (cancellation) return { outcome: null, cancelled: tellCancellation(cancellation) }
  }
}

interface Ending {
  readonly outcome: Outcome
  readonly explanation: string
  /** How many intents it was judged by, where it says that nothing is there. */
  readonly intents?: number
}

/** Nothing ends as if nothing were there while something is, or nobody knows whether. */
async function truthful(deps: EvidenceDeps, ref: ActionRef & Ending): Promise<Ending> {
  const { outcome, explanation } = ref
  if (outcome === 'succeeded' || outcome === 'needs-attention') return { outcome, explanation }
  const admitted = await requireAdmitted(deps, ref)
  const standing = leftStanding(deps, admitted)
  if (standing.length > 0)
    return { outcome: 'needs-attention', explanation: `EXQ-5006 Still there: ${standing.join(', ')}. ${explanation}` }
  const doubtful = leftInDoubt(admitted)
  if (doubtful.length === 0) return { outcome, explanation, intents: admitted.record.intents.length }
  return { outcome: 'needs-attention', explanation: `EXQ-5002 Nobody knows: ${doubtful.join(', ')}. ${explanation}` }
}
