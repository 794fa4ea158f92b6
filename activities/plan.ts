import { checkArgs } from '../src/contract/check-args.js'
import type { ActionRef, PlannedStep, PlanReport } from '../src/domain/activities.js'
import type { RegisteredContract } from '../src/domain/contract.js'
import { planProblems } from '../src/domain/plan.js'
import type { Step } from '../src/domain/request.js'
import {
  type Admitted,
  type EvidenceDeps,
  loadAdmitted,
  observationKey,
  pinnedContract,
} from '../src/evidence/admitted.js'

/** Checks the admitted plan against the contracts it was pinned to, as they stand now. */
export async function plan(deps: EvidenceDeps, ref: ActionRef): Promise<PlanReport> {
  const admitted = await loadAdmitted(deps, ref)
  if (!admitted) return { result: 'not-admitted' }
  const { record, request } = admitted
  const problems = planProblems(request, (step) => pinnedContract(admitted, step.id), checkArgs)
  if (problems[0]) {
    return { result: 'unsound', request_digest: record.request_digest, code: problems[0].code, problems }
  }
  const steps = request.plan.steps.map((step) => plannedStep(admitted, step))
  return { result: 'sound', request_digest: record.request_digest, steps }
}

function plannedStep(admitted: Admitted, step: Step): PlannedStep {
  const { contract, digest } = pinnedContract(admitted, step.id) as RegisteredContract
  const observed = pinnedContract(admitted, observationKey(step.id))?.contract
  return {
    id: step.id,
    tool: contract.name,
    risk: contract.risk,
    effect: contract.effect,
    pool: contract.pool,
    contract_digest: digest,
    call_timeout_ms: contract.downstream.call_timeout_ms,
    observe: observed
      ? { tool: observed.name, pool: observed.pool, call_timeout_ms: observed.downstream.call_timeout_ms }
      : null,
  }
}
