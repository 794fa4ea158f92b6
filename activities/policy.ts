import { checkArgs } from '../src/contract/check-args.js'
import type { PolicyReport, RoundRef } from '../src/domain/activities.js'
import { reservedCounts } from '../src/domain/approval.js'
import { resolveArgs } from '../src/domain/arguments.js'
import type { RegisteredContract } from '../src/domain/contract.js'
import { referencesOf } from '../src/domain/plan.js'
import { decidePlan, type PolicyDecision } from '../src/domain/policy.js'
import type { Step } from '../src/domain/request.js'
import { type SessionFacts, sessionBefore } from '../src/domain/session.js'
import {
  type Admitted,
  type EvidenceDeps,
  observationKey,
  observationOf,
  outputOf,
  pinnedContract,
  remainingSteps,
} from '../src/evidence/admitted.js'
import { overBounds } from '../src/evidence/bounds.js'
import { type Db, inTransaction } from '../src/ledger/pool.js'
import { countPending } from '../src/ledger/queries/count-pending.js'
import { recordDecisions, type ToolDecision } from '../src/ledger/queries/record-decisions.js'
import { type ActingPrincipal, type DecisionFacts, decide } from '../src/policy/decide.js'
import { approvedByAnother } from './amended.js'
import { identitiesOf } from './identities.js'
import { requireForDecision } from './request.js'

/** What asking the policy takes. */
export type PolicyDeps = EvidenceDeps & {
  /** How many requests of one agent may wait for people; any number, if left out. */
  readonly pendingPerAgent?: number
}

/** Asks the policy about every step that is still to be done, and records what it said. */
export async function policy(deps: PolicyDeps, ref: RoundRef): Promise<PolicyReport> {
  const admitted = await requireForDecision(deps, ref)
  const known = admitted.record.decisions.filter(({ stage, round }) => stage === 'policy' && round === ref.round)
  if (known.length > 0) return report(known)
  const bound = overBounds(admitted)
  const decisions = remainingSteps(admitted).map((step) => {
    const decision = decideStep(admitted, step, noApprovals(deps.groups))
    const refusal = misfitOf(admitted, step) ?? (bound && `EXQ-1106 ${bound}`)
    return { ...decision, ...(refusal && { ...refused, explanation: refusal }), tool: step.tool }
  })
  return report(await recordInTurn(deps, admitted, ref.round, decisions))
}

/**
 * Records what was decided. Where it is that people are asked, one action of an agent comes after the other: however
 * many were admitted at once, no more of them wait than may.
 */
async function recordInTurn(
  deps: PolicyDeps,
  admitted: Admitted,
  round: number,
  decisions: readonly ToolDecision[],
): Promise<readonly ToolDecision[]> {
  const { record } = admitted
  const under = identitiesOf(admitted)
  const key = { tenant: record.tenant, action_id: record.id, stage: 'policy', phase: 'execute', round, under } as const
  const note = (db: Db, all: readonly ToolDecision[]) => recordDecisions(db, key, all, under.run_id !== null)
  const asks = decidePlan(decisions).result === 'require-approval' && record.envelopes.length === 0
  if (!asks || deps.pendingPerAgent === undefined) {
    await note(deps.pool, decisions)
    return decisions
  }
  const limit = deps.pendingPerAgent
  return inTransaction(deps.pool, async (db) => {
    const full = (await countPending(db, key, record.agent)) >= limit
    const explanation = `EXQ-1111 ${limit} requests of ${record.agent} wait for people already.`
    const settled = full ? decisions.map((decision) => ({ ...decision, ...refused, explanation })) : decisions
    await note(db, settled)
    return settled
  })
}

function report(decisions: readonly PolicyDecision[]): PolicyReport {
  const plain = decisions.map(
    ({
      step,
      result,
      policy_ids,
      permitted_by,
      policy_digest,
      input_digest,
      contract_digest,
      requirements,
      explanation,
    }) => ({
      step,
      result,
      policy_ids,
      permitted_by,
      policy_digest,
      input_digest,
      contract_digest,
      requirements,
      explanation,
    }),
  )
  return { ...decidePlan(plain), decisions: plain }
}

const refused = { result: 'deny', policy_ids: [], permitted_by: [], requirements: {} } as const

/** How arguments that an observation filled in fail the contract: nobody is asked to approve what cannot run. */
function misfitOf(admitted: Admitted, step: Step): string | null {
  const contract = pinnedContract(admitted, step.id) as RegisteredContract
  const args = resolveArgs(step, contract.contract, observationOf(admitted, step.id), () => null)
  const [problem] = checkArgs(contract, { ...step, args }, Object.keys(referencesOf(step)))
  return problem ? `EXQ-1102 ${problem.pointer} ${problem.message}` : null
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
    session: { id: request.session, ...sessionOf(admitted, step.id) },
    on_behalf_of: request.on_behalf_of ?? null,
    requested_approval: (request.context.requires_approval ?? false) || needsApprover(admitted, call),
  }
  try {
    const engine = authority.engineFor(call.contract, pinnedContract(admitted, observationKey(step.id)))
    const decision = decide(engine, facts)
    return call.principal.id === request.agent ? approvedByAnother(admitted, decision, call.approvals) : decision
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
