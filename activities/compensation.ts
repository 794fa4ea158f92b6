import type { EffectReport, StepRef } from '../src/domain/activities.js'
import { pinnedContract } from '../src/evidence/admitted.js'
import type { ExecutorDeps } from './call.js'
import { settleCall } from './execution.js'
import { service } from './policy.js'

/** Undoes a committed step, as the compensator, under an intent that names the attempt it undoes. */
export function compensate(deps: ExecutorDeps, ref: StepRef): Promise<EffectReport> {
  return settleCall(deps, ref, ({ record, ...admitted }) => {
    const contract = pinnedContract({ record, ...admitted }, ref.step)
    const at = (row: { step: string; phase: string }) => row.step === ref.step && row.phase === 'execute'
    const intent = record.intents.find(at)
    const committed = record.outcomes.find((row) => at(row) && row.effect === 'committed')
    const verified = record.verifications.find((row) => at(row) && row.found === 'committed')
    if (!contract || !intent || !(committed || verified)) return null
    return {
      ref: { tenant: ref.tenant, action_id: ref.action_id, step: ref.step, phase: 'compensate', generation: 0 },
      round: ref.round,
      contract,
      principal: service('compensator'),
      args: intent.args,
      undo: true,
      undoes: { output: committed?.output ?? null, attempt: committed?.attempt ?? null },
    }
  })
}
