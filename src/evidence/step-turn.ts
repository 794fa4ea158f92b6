import type { CallRef } from '../ledger/queries/record-intent.js'
import { type Admitted, type EvidenceDeps, pinnedContract } from './admitted.js'
import { effectReport } from './effect.js'
import { anewOutOfTurn } from './undo-turn.js'

/**
 * Why it is not the turn of a step, although all before it were answered with a yes; null if it is. Each of them is settled
 * as far as the workflow waits for it: committed, and confirmed where it changes something.
 */
export function stepOutOfTurn(deps: EvidenceDeps, admitted: Admitted, call: CallRef): string | null {
  if (call.phase !== 'execute') return null
  const { steps } = admitted.request.plan
  const before = steps.slice(
    0,
    steps.findIndex(({ id }) => id === call.step),
  )
  const open = before.find(({ id }) => !isSettled(deps, admitted, id))
  return open ? `what ${open.id} came to is not settled yet` : anewOutOfTurn(admitted, call)
}

function isSettled(deps: EvidenceDeps, admitted: Admitted, step: string): boolean {
  const { tenant, id: action_id } = admitted.record
  const report = effectReport(deps, admitted, { tenant, action_id, round: 1, step, phase: 'execute' })
  const confirmed = report.verified || pinnedContract(admitted, step)?.contract.effect === 'none'
  return report.state === 'committed' && confirmed
}
