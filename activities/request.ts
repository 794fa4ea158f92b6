import { ApplicationFailure } from '@temporalio/common'
import type { ActionRef } from '../src/domain/activities.js'
import type { ActionRequest, Step } from '../src/domain/request.js'
import type { Admitted, EvidenceDeps } from '../src/evidence/admitted.js'
import { loadAdmitted } from '../src/evidence/load-admitted.js'

/** Loads what was admitted, digests recomputed; without an admitted request nothing is done for anybody. */
export async function requireAdmitted(deps: EvidenceDeps, ref: ActionRef): Promise<Admitted> {
  return required(await loadAdmitted(deps, ref))
}

/** The same, with what the agent did before: a decision rests on it. */
export async function requireForDecision(deps: EvidenceDeps, ref: ActionRef): Promise<Admitted> {
  return required(await loadAdmitted(deps, ref, true))
}

export function stepOf(request: ActionRequest, id: string): Step {
  const step = request.plan.steps.find((step) => step.id === id)
  if (!step) throw ApplicationFailure.nonRetryable(`the plan has no step ${id}`, 'EXQ-6001')
  return step
}

function required(admitted: Admitted | null): Admitted {
  if (!admitted) throw ApplicationFailure.nonRetryable('no admitted request has this id', 'EXQ-6001')
  return admitted
}
