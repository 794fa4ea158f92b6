import { promiseFor } from '../domain/execution.js'
import { settlingMs } from '../domain/settlement.js'
import type { CallRef } from '../ledger/queries/record-intent.js'
import { type Admitted, type EvidenceDeps, pinnedContract } from './admitted.js'
import { effectReport } from './effect.js'
import { generationOf, resolutionOf } from './generation.js'

/**
 * Why a step is not to be undone yet; null if it is. The plan has halted; what was done after the step comes first; and no
 * call of the step can still be applied. The ledger looks again when the intent is written.
 */
export function undoOutOfTurn(deps: EvidenceDeps, admitted: Admitted, call: CallRef): string | null {
  const { record, request } = admitted
  if (!record.halt) return 'the plan has not halted: nothing is to be undone'
  if (record.intents.some((row) => isOf(call, row))) return null
  if (isLeft(admitted, call.step)) return `people leave what ${call.step} did as it is`
  const place = request.plan.steps.findIndex(({ id }) => id === call.step)
  const later = request.plan.steps.slice(place + 1).findLast(({ id }) => isToUndo(deps, admitted, id))
  if (later) return `${later.id} is undone first`
  return mayBeAppliedForMs(admitted, call.step) > 0
    ? `a call of ${call.step} got no answer, and may still be applied`
    : null
}

/**
 * Why a call that people ordered anew is not to be made yet; null if it is. The one before it can still be applied, and
 * then there would be two effects. The ledger looks again when the intent is written.
 */
export function anewOutOfTurn(admitted: Admitted, call: CallRef): string | null {
  if (call.phase !== 'execute' || call.generation === 0) return null
  if (admitted.record.intents.some((row) => isOf(call, row))) return null
  return mayBeAppliedForMs(admitted, call.step) > 0 ? `the call of ${call.step} before may still be applied` : null
}

/** Is there an effect that can be undone, and of whose undoing nothing is known yet? What people order anew waits for nobody. */
export function isToUndo(deps: EvidenceDeps, admitted: Admitted, step: string): boolean {
  const { tenant, id } = admitted.record
  if (pinnedContract(admitted, step)?.contract.effect !== 'reversible') return false
  if (generationOf(admitted, step, 'compensate') > 0 || isLeft(admitted, step)) return false
  const state = (phase: 'execute' | 'compensate') =>
    effectReport(deps, admitted, { tenant, action_id: id, round: 1, step, phase }).state
  return state('execute') === 'committed' && state('compensate') === 'none'
}

/** Did people decide that it stays? */
function isLeft(admitted: Admitted, step: string): boolean {
  return resolutionOf(admitted, { step, phase: 'compensate' })?.choice === 'leave'
}

/** How long a call of a step without a definite answer may still be applied; 0 if none may. As `may_be_applied` of the ledger. */
export function mayBeAppliedForMs(admitted: Admitted, step: string): number {
  const contract = pinnedContract(admitted, step)?.contract
  const { attempts, outcomes } = admitted.record
  const left = attempts.map((attempt) => {
    if (attempt.step !== step || attempt.phase === 'observe' || !contract) return 0
    const outcome = outcomes.find((row) => isOf(attempt, row) && row.attempt === attempt.attempt)
    if (outcome && outcome.effect !== 'unknown') return 0
    const promise = promiseFor(contract, attempt.phase)
    const sent_ms = outcome?.age_ms ?? attempt.age_ms - promise.call_timeout_ms
    return settlingMs(promise) - sent_ms
  })
  return Math.max(0, ...left)
}

type CallKey = Pick<CallRef, 'step' | 'phase' | 'generation'>

function isOf(call: CallKey, row: CallKey): boolean {
  return row.step === call.step && row.phase === call.phase && row.generation === call.generation
}
