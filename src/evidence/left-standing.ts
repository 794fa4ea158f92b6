import type { Phase } from '../domain/lifecycle.js'
import { type Admitted, type EvidenceDeps, pinnedContract } from './admitted.js'
import { effectReport } from './effect.js'

/** The steps of which it is known that they changed something, and that nothing undid it. */
export function leftStanding(deps: EvidenceDeps, admitted: Admitted): string[] {
  const { tenant, id: action_id } = admitted.record
  const happened = (step: string, phase: Phase) =>
    effectReport(deps, admitted, { tenant, action_id, round: 1, step, phase }).state === 'committed'
  return admitted.request.plan.steps
    .map(({ id }) => id)
    .filter((step) => pinnedContract(admitted, step)?.contract.effect !== 'none')
    .filter((step) => happened(step, 'execute') && !happened(step, 'compensate'))
}
