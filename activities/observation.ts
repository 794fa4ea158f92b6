import type { EffectReport, StepRef } from '../src/domain/activities.js'
import { observationArgs } from '../src/domain/arguments.js'
import { type Admitted, observationKey, pinnedContract } from '../src/evidence/admitted.js'
import { service } from '../src/evidence/decide-steps.js'
import { lookOfRound, presentRound } from '../src/evidence/looks.js'
import { wantedLook } from '../src/evidence/turn.js'
import type { ExecutorDeps } from './call.js'
import { settleCall } from './execution.js'
import { stepOf } from './request.js'

/**
 * Makes a read that the decision on a step, or its call, rests on, as the observer, under its own decision and intent. The
 * rounds of an observation count its looks: the first is made before the policy, each further one when it is wanted.
 */
export function observe(deps: ExecutorDeps, ref: StepRef): Promise<EffectReport> {
  return settleCall(deps, ref, (admitted) => {
    const contract = pinnedContract(admitted, observationKey(ref.step))
    const observing = pinnedContract(admitted, ref.step)
    const look = lookOfRound(ref.round)
    if (!contract || !observing || !mayLook(admitted, ref.step, look)) return null
    return {
      ref: { tenant: ref.tenant, action_id: ref.action_id, step: ref.step, phase: 'observe', generation: look },
      round: ref.round,
      contract,
      principal: service('observer'),
      args: observationArgs(stepOf(admitted.request, ref.step), observing.contract),
      undo: false,
      undoes: null,
    }
  })
}

/** Whoever can schedule an activity could ask for looks without end: there is one more only where a call waits for it. */
function mayLook(admitted: Admitted, step: string, look: number): boolean {
  if (look === 0) return true
  const begun = ({ step: of, phase, generation }: Admitted['record']['intents'][number]) =>
    of === step && phase === 'observe' && generation === look
  return admitted.record.intents.some(begun) || wantedLook(admitted, step, presentRound(admitted)) === look
}
