import { crashPoint } from '../src/crash-point.js'
import type { ActionRef, EffectReport, StepRef } from '../src/domain/activities.js'
import type { Halt } from '../src/domain/compensation.js'
import type { EvidenceDeps } from '../src/evidence/admitted.js'
import { committedOutput, pinnedContract } from '../src/evidence/admitted.js'
import { service } from '../src/evidence/decide-steps.js'
import { effectReport, undoRound } from '../src/evidence/effect.js'
import { generationOf, ofPresent } from '../src/evidence/generation.js'
import { haltAction } from '../src/ledger/queries/halt-action.js'
import type { ExecutorDeps } from './call.js'
import { settleCall } from './execution.js'

/** Records that a plan goes no further: the leave to undo what it has committed, and the end of its forward steps. */
export async function halt(deps: EvidenceDeps, ref: ActionRef & { readonly halt: Halt }): Promise<void> {
  crashPoint('halt.unwritten')
  await haltAction(deps.pool, ref, ref.halt)
  crashPoint('halt.recorded')
}

/** Undoes a committed step, as the compensator, under an intent that names the attempt it undoes. */
export function compensate(deps: ExecutorDeps, ref: StepRef): Promise<EffectReport> {
  return settleCall(deps, ref, (admitted) => {
    const { record } = admitted
    const contract = pinnedContract(admitted, ref.step)
    const executed = { step: ref.step, phase: 'execute' } as const
    const present = ofPresent(admitted, executed)
    const intent = record.intents.find(present)
    const forward = effectReport(deps, admitted, { ...ref, phase: 'execute' })
    if (!contract || !intent || forward.state !== 'committed') return null
    const committed = record.outcomes.find((row) => present(row) && row.effect === 'committed')
    return {
      ref: {
        tenant: ref.tenant,
        action_id: ref.action_id,
        step: ref.step,
        phase: 'compensate',
        generation: generationOf(admitted, ref.step, 'compensate'),
      },
      round: undoRound(admitted, ref.step),
      contract,
      principal: service('compensator'),
      args: intent.args,
      undo: true,
      undoes: { output: committedOutput(admitted, executed), attempt: committed?.attempt ?? null },
    }
  })
}
