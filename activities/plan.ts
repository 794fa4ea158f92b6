import { checkArgs } from '../src/contract/check-args.js'
import { crashPoint } from '../src/crash-point.js'
import type { ActionRef, PlannedStep, PlanReport } from '../src/domain/activities.js'
import type { RegisteredContract } from '../src/domain/contract.js'
import { promiseFor } from '../src/domain/execution.js'
import { effects } from '../src/domain/lifecycle.js'
import { isRechecked } from '../src/domain/looks.js'
import { planProblems } from '../src/domain/plan.js'
import type { Step } from '../src/domain/request.js'
import { type Admitted, type EvidenceDeps, observationKey, pinnedContract } from '../src/evidence/admitted.js'
import { effectReport } from '../src/evidence/effect.js'
import { loadAdmitted } from '../src/evidence/load-admitted.js'

/** Checks the admitted plan against the contracts it was pinned to, as they stand now. */
export async function plan(deps: EvidenceDeps, ref: ActionRef): Promise<PlanReport> {
  const admitted = await loadAdmitted(deps, ref)
  if (!admitted) return { result: 'not-admitted' }
  const { record, request } = admitted
  const { request_digest } = record
  const problems = planProblems(request, (step) => pinnedContract(admitted, step.id), checkArgs)
  const steps = request.plan.steps
    .filter(({ id }) => pinnedContract(admitted, id))
    .map((step) => plannedStep(deps, admitted, step))
  if (problems[0]) return { result: 'unsound', request_digest, code: problems[0].code, problems, steps }
  // A new run of the workflow goes on in the round that the last one had reached.
  const round = Math.max(1, ...record.decisions.filter(({ stage }) => stage === 'policy').map(({ round }) => round))
  crashPoint('plan.validated')
  return { result: 'sound', request_digest, steps, round }
}

function plannedStep(deps: EvidenceDeps, admitted: Admitted, step: Step): PlannedStep {
  const { contract, digest } = pinnedContract(admitted, step.id) as RegisteredContract
  const ref = { tenant: admitted.record.tenant, action_id: admitted.record.id, round: 1 }
  const observed = pinnedContract(admitted, observationKey(step.id))?.contract
  const report = effectReport(deps, admitted, { ...ref, step: step.id, phase: 'execute' })
  // What nobody has confirmed yet is gone on with, and so is what people want undone.
  const confirmed = contract.effect === 'none' || report.verified || report.closed || report.state === 'not-committed'
  const open = !confirmed || report.waits !== undefined || report.resolution === 'compensate'
  return {
    id: step.id,
    tool: contract.name,
    risk: contract.risk,
    effect: contract.effect,
    pool: contract.pool,
    contract_digest: digest,
    call_timeout_ms: contract.downstream.call_timeout_ms,
    ...(contract.effect === 'reversible' && {
      undo: { call_timeout_ms: promiseFor(contract, 'compensate').call_timeout_ms },
    }),
    so_far: open ? null : (effects.find((effect) => effect === report.state) ?? null),
    begun: admitted.record.intents.some((intent) => intent.step === step.id && intent.phase === 'execute'),
    observe: observed
      ? {
          tool: observed.name,
          pool: observed.pool,
          call_timeout_ms: observed.downstream.call_timeout_ms,
          ...(isRechecked(contract) && { again: true as const }),
        }
      : null,
  }
}
