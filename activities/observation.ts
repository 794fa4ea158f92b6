import type { EffectReport, StepRef } from '../src/domain/activities.js'
import { observationArgs } from '../src/domain/arguments.js'
import { observationKey, pinnedContract } from '../src/evidence/admitted.js'
import { service } from '../src/evidence/decide-steps.js'
import type { ExecutorDeps } from './call.js'
import { settleCall } from './execution.js'
import { stepOf } from './request.js'

/** Makes the read that the decision on a step rests on, as the observer, under its own decision and intent. */
export function observe(deps: ExecutorDeps, ref: StepRef): Promise<EffectReport> {
  return settleCall(deps, ref, (admitted) => {
    const contract = pinnedContract(admitted, observationKey(ref.step))
    const observing = pinnedContract(admitted, ref.step)
    if (!contract || !observing) return null
    return {
      ref: { tenant: ref.tenant, action_id: ref.action_id, step: ref.step, phase: 'observe', generation: 0 },
      round: ref.round,
      contract,
      principal: service('observer'),
      args: observationArgs(stepOf(admitted.request, ref.step), observing.contract),
      undo: false,
      undoes: null,
    }
  })
}
