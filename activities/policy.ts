import { Context } from '@temporalio/activity'
import type { PolicyReport, RoundRef } from '../src/domain/activities.js'
import { resolveArgs } from '../src/domain/arguments.js'
import type { RegisteredContract } from '../src/domain/contract.js'
import { isExequaturError } from '../src/domain/errors.js'
import { decidePlan, type PolicyDecision } from '../src/domain/policy.js'
import type { Step } from '../src/domain/request.js'
import {
  type Admitted,
  type EvidenceDeps,
  observationOf,
  outputOf,
  pinnedContract,
  remainingSteps,
} from '../src/evidence/admitted.js'
import { recordDecisions } from '../src/ledger/queries/record-decisions.js'
import { type ActingPrincipal, type DecisionFacts, decide } from '../src/policy/decide.js'
import { requireAdmitted } from './request.js'

/** Asks the policy about every step that is still to be done, and records what it said. */
export async function policy(deps: EvidenceDeps, ref: RoundRef): Promise<PolicyReport> {
  const admitted = await requireAdmitted(deps, ref)
  const known = admitted.record.decisions.filter(({ stage, round }) => stage === 'policy' && round === ref.round)
  if (known.length > 0) return report(known)
  const decisions = remainingSteps(admitted).map((step) => decideStep(admitted, step, noApprovals(deps.groups)))
  const runId = Context.current().info.workflowExecution?.runId ?? null
  await recordDecisions(deps.pool, { ...ref, stage: 'policy', phase: 'execute' }, decisions, runId)
  return report(decisions)
}

function report(decisions: readonly PolicyDecision[]): PolicyReport {
  const plain = decisions.map(
    ({ step, result, policy_ids, policy_digest, input_digest, contract_digest, requirements, explanation }) => ({
      step,
      result,
      policy_ids,
      policy_digest,
      input_digest,
      contract_digest,
      requirements,
      explanation,
    }),
  )
  return { ...decidePlan(plain), decisions: plain }
}

/** What the policy says of executing one step, given these approvals. */
export function decideStep(
  admitted: Admitted,
  step: Step,
  approvals: Readonly<Record<string, number>>,
): PolicyDecision {
  const contract = pinnedContract(admitted, step.id) as RegisteredContract
  const observed = observationOf(admitted, step.id)
  return decideCall(admitted, step, {
    principal: agentOf(admitted),
    contract,
    undo: false,
    args: resolveArgs(step, contract.contract, observed, (id) => outputOf(admitted, id)),
    observed,
    approvals,
  })
}

/** What the policy says of one call; a policy set that cannot be used denies everything. */
export function decideCall(
  admitted: Admitted,
  step: Step,
  call: Pick<DecisionFacts, 'principal' | 'contract' | 'undo' | 'args' | 'observed' | 'approvals'>,
): PolicyDecision {
  const { request, authority } = admitted
  const facts: DecisionFacts = {
    ...call,
    tenant: request.tenant,
    step: step.id,
    plan: {
      goal: request.plan.goal,
      step: step.id,
      steps: request.plan.steps.length,
      writes: request.plan.steps.filter(({ id }) => pinnedContract(admitted, id)?.contract.effect !== 'none').length,
    },
    session: { id: request.context.session_id },
    on_behalf_of: request.on_behalf_of ?? null,
    requested_approval: request.context.requires_approval ?? false,
  }
  try {
    return decide(authority.engineFor(call.contract), facts)
  } catch (error) {
    if (!isExequaturError(error)) throw error
    return {
      step: step.id,
      result: 'deny',
      policy_ids: [],
      policy_digest: authority.policyDigest,
      input_digest: '',
      contract_digest: call.contract.digest,
      requirements: {},
      explanation: error.message,
    }
  }
}

export function noApprovals(groups: readonly string[]): Record<string, number> {
  return Object.fromEntries([...groups, 'approvers', 'groups'].map((group) => [group, 0]))
}

export function agentOf({ request, authority }: Admitted): ActingPrincipal {
  const agent = authority.principal(request.agent)
  return {
    id: request.agent,
    owner: agent?.owner ?? null,
    groups: authority.groupsOf(request.agent),
    environment: agent?.environment ?? null,
  }
}

/** One of our own services, as the policy sees it. */
export function service(name: 'observer' | 'compensator'): ActingPrincipal {
  return { id: `service:${name}`, owner: null, groups: [], environment: null }
}
