import { checkArgs } from '../contract/check-args.js'
import { reservedCounts } from '../domain/approval.js'
import { resolveArgs } from '../domain/arguments.js'
import { noTotals, unknownTotals } from '../domain/budget.js'
import type { RegisteredContract } from '../domain/contract.js'
import { objectsAt } from '../domain/looks.js'
import { referencesOf } from '../domain/plan.js'
import type { PolicyDecision } from '../domain/policy.js'
import type { Step } from '../domain/request.js'
import { type SessionFacts, sessionBefore } from '../domain/session.js'
import { type ActingPrincipal, type DecisionFacts, decide } from '../policy/decide.js'
import { type Admitted, observationKey, outputOf, pinnedContract, remainingSteps } from './admitted.js'
import { approvedByAnother } from './amended.js'
import { overBounds } from './bounds.js'
import { lookIn, observationOf } from './looks.js'
import { askedAgain } from './moved.js'

/** What the policy says in a round of every step that is still to be done, given these approvals. */
export function decideRemaining(
  admitted: Admitted,
  round: number,
  approvals: Readonly<Record<string, number>>,
): (PolicyDecision & { readonly tool: string; readonly look?: number })[] {
  const bound = overBounds(admitted, round)
  return remainingSteps(admitted).map((step) => {
    const decision = decideStep(admitted, step, round, approvals)
    const look = lookIn(admitted, step.id, round)?.look
    const refusal = misfitOf(admitted, step, round) ?? (bound && `EXQ-1106 ${bound}`)
    return {
      ...decision,
      ...(refusal && { ...refused, explanation: refusal }),
      tool: step.tool,
      ...(look !== undefined && { look }),
    }
  })
}

/** What a step is that was denied before the policy counted. */
export const refused = { result: 'deny', policy_ids: [], permitted_by: [], requirements: {} } as const

/** How arguments that an observation filled in fail the contract: nobody is asked to approve what cannot run. */
function misfitOf(admitted: Admitted, step: Step, round: number): string | null {
  const contract = pinnedContract(admitted, step.id) as RegisteredContract
  const observed = observationOf(admitted, step.id, round)
  const { touches } = contract.contract
  if (touches && objectsAt({ observed }, touches.observed) === null)
    return `EXQ-5052 ${touches.observed} of what was observed is no number of objects`
  const args = resolveArgs(step, contract.contract, observed, () => null)
  const [problem] = checkArgs(contract, { ...step, args }, Object.keys(referencesOf(step)))
  return problem ? `EXQ-1102 ${problem.pointer} ${problem.message}` : null
}

/** What the policy says of executing one step in a round, given these approvals. */
export function decideStep(
  admitted: Admitted,
  step: Step,
  round: number,
  approvals: Readonly<Record<string, number>>,
): PolicyDecision {
  const contract = pinnedContract(admitted, step.id) as RegisteredContract
  const observed = observationOf(admitted, step.id, round)
  return decideCall(admitted, step, {
    round,
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
  call: Pick<DecisionFacts, 'principal' | 'contract' | 'undo' | 'args' | 'observed' | 'approvals'> & {
    readonly round: number
  },
): PolicyDecision {
  const { request, authority } = admitted
  const { round, ...asked } = call
  const facts: DecisionFacts = {
    ...asked,
    tenant: request.tenant,
    step: step.id,
    plan: {
      goal: request.plan.goal,
      step: step.id,
      steps: request.plan.steps.length,
      writes: request.plan.steps.filter(({ id }) => pinnedContract(admitted, id)?.contract.effect !== 'none').length,
    },
    session: { id: request.session, ...sessionOf(admitted, step.id) },
    totals: call.principal.id === request.agent ? (admitted.totals?.get(step.id) ?? unknownTotals) : noTotals,
    on_behalf_of: request.on_behalf_of ?? null,
    requested_approval: (request.context.requires_approval ?? false) || needsApprover(admitted, call),
  }
  try {
    const engine = authority.engineFor(call.contract, pinnedContract(admitted, observationKey(step.id)))
    const decision = decide(engine, facts)
    if (call.principal.id !== request.agent) return decision
    return askedAgain(admitted, round, approvedByAnother(admitted, decision, call.approvals), call.approvals)
  } catch (error) {
    // The policy is a function of its facts: what cannot be asked now is denied, now and later.
    return {
      step: step.id,
      result: 'deny',
      policy_ids: [],
      permitted_by: [],
      policy_digest: authority.policyDigest,
      input_digest: '',
      contract_digest: call.contract.digest,
      requirements: {},
      explanation: error instanceof Error ? error.message : String(error),
    }
  }
}

/** What was amended asks for approval as if the agent had, where the tool names somebody who can give it. */
function needsApprover({ amendments }: Admitted, { contract }: Pick<DecisionFacts, 'contract'>): boolean {
  return amendments.length > 0 && contract.contract.approvers.length > 0
}

/** What was done and read before a step: as the ledger has it, and by the earlier steps of the plan. */
export function sessionOf(admitted: Admitted, step: string): SessionFacts {
  const { record, request } = admitted
  const index = request.plan.steps.findIndex(({ id }) => id === step)
  const earlier = request.plan.steps.slice(0, Math.max(0, index)).map(({ id }) => ({
    reads: pinnedContract(admitted, id)?.contract.reads ?? [],
    intended: record.intents.some((intent) => intent.step === id && intent.phase === 'execute'),
  }))
  return sessionBefore(record.session, earlier)
}

export function noApprovals(groups: readonly string[]): Record<string, number> {
  return Object.fromEntries([...groups, ...reservedCounts].map((group) => [group, 0]))
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
