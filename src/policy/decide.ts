import { digest } from '../digest.js'
import type { Totals } from '../domain/budget.js'
import type { RegisteredContract } from '../domain/contract.js'
import { at, type JsonObject } from '../domain/json.js'
import { type PolicyDecision, type Requirements, strongest, tellRequirements } from '../domain/policy.js'
import type { SessionFacts } from '../domain/session.js'
import type { EntityJson, TypeAndId } from './cedar.js'
import { type Answer, type PolicyEngine, type Question, shapeContext } from './policy-engine.js'
import { undoAction } from './schema.js'

/** Whoever acts: an agent, or one of our own services. */
export interface ActingPrincipal {
  readonly id: string
  readonly owner: string | null
  readonly groups: readonly string[]
  readonly environment: string | null
}

/** The facts one decision rests on. */
export interface DecisionFacts {
  readonly tenant: string
  readonly step: string
  readonly principal: ActingPrincipal
  readonly contract: RegisteredContract
  /** Decides on the undo of the tool instead of the tool. */
  readonly undo: boolean
  readonly args: JsonObject
  readonly observed: JsonObject | null
  readonly plan: {
    readonly goal?: string | undefined
    readonly step: string
    readonly steps: number
    readonly writes: number
  }
  /** `id` only where the credential confirms it. */
  readonly session: SessionFacts & { readonly id?: string | undefined }
  /** What is used with the present call. */
  readonly totals: Totals
  readonly on_behalf_of: string | null
  readonly requested_approval: boolean
  readonly approvals: Readonly<Record<string, number>>
}

/**
 * The three answers. `require-approval` only where every deciding policy is a `forbid` that yields to approvals and the
 * same question with those approvals is allowed; any doubt is a deny.
 */
export function decide(engine: PolicyEngine, facts: DecisionFacts): PolicyDecision {
  const question = toQuestion(engine, facts)
  const answer = engine.ask(question)
  const common = {
    step: facts.step,
    policy_ids: answer.policy_ids,
    permitted_by: [],
    policy_digest: engine.set.digest,
    input_digest: digest(question),
    contract_digest: facts.contract.digest,
  }
  if (answer.decision === 'allow') {
    return {
      ...common,
      result: 'allow',
      requirements: {},
      explanation: `Permitted by ${answer.policy_ids.join(', ')}.`,
    }
  }
  const requirements = yieldsTo(engine, answer)
  if (requirements && canBeMet(requirements, facts)) {
    const granted = { ...facts.approvals }
    for (const [group, count] of Object.entries(requirements)) granted[group] = Math.max(granted[group] ?? 0, count)
    const then = engine.ask(toQuestion(engine, { ...facts, approvals: granted }))
    if (then.decision === 'allow') {
      const explanation = says(engine, answer.policy_ids) || `Needs approval: ${tellRequirements(requirements)}.`
      return { ...common, result: 'require-approval', permitted_by: then.policy_ids, requirements, explanation }
    }
  }
  return { ...common, result: 'deny', requirements: {}, explanation: explainDenial(engine, facts, answer) }
}

function yieldsTo(engine: PolicyEngine, answer: Answer): Requirements | null {
  if (answer.errors.length > 0 || answer.policy_ids.length === 0) return null
  const requirements = answer.policy_ids.map((id) => engine.set.policies.get(id)?.requires ?? null)
  return requirements.every((each) => each !== null) ? strongest(requirements) : null
}

/** Requirements that no number of votes could meet are a denial now, not a wait. */
function canBeMet(requirements: Requirements, facts: DecisionFacts): boolean {
  const approvers = new Set(facts.contract.contract.approvers).size
  const counted = requirements.approvers !== undefined || requirements.strong !== undefined
  return (!counted || approvers > 0) && (requirements.groups ?? 0) <= approvers
}

function explainDenial(engine: PolicyEngine, facts: DecisionFacts, answer: Answer): string {
  if (answer.errors.length > 0)
    return `EXQ-3003 A policy could not be evaluated, so nothing is allowed: ${answer.errors.join('; ')}.`
  const action = facts.undo ? undoAction(facts.contract.contract.name) : facts.contract.contract.name
  // Forbids that would yield to approvals are beside the point of a denial.
  const firm = answer.policy_ids.filter((id) => engine.set.policies.get(id)?.requires === null)
  if (firm.length > 0) return says(engine, firm) || `Forbidden by ${firm.join(', ')}.`
  if (answer.policy_ids.length > 0 && !canBeMet(yieldsTo(engine, answer) ?? {}, facts)) {
    return `${says(engine, answer.policy_ids)} The tool names no approvers who could agree.`.trim()
  }
  return `No policy permits ${facts.principal.id} to ${action}: a permit that names it, or its group, has to be added first.`
}

function says(engine: PolicyEngine, policyIds: readonly string[]): string {
  return [...new Set(policyIds.map((id) => engine.set.policies.get(id)?.say).filter(Boolean))].join(' ')
}

function toQuestion(engine: PolicyEngine, facts: DecisionFacts): Question {
  const { contract } = facts.contract
  const principal = entityOf(facts.principal.id)
  const resource: TypeAndId = {
    type: contract.resource.type,
    id: String(at({ args: facts.args, observed: facts.observed }, contract.resource.id) ?? ''),
  }
  const { owner, environment, groups } = facts.principal
  const own = principal.type === 'Agent' ? { ...(owner && { owner }), ...(environment && { environment }) } : {}
  const entities: EntityJson[] = [
    {
      uid: principal,
      attrs: { tenant: facts.tenant, ...own },
      parents: principal.type === 'Agent' ? groups.map((id) => ({ type: 'Group', id })) : [],
    },
    { uid: resource, attrs: { tenant: facts.tenant }, parents: [] },
  ]
  const context = shapeContext(engine, contract, {
    args: facts.args,
    observed: facts.observed,
    plan: facts.plan,
    session: facts.session,
    totals: facts.totals,
    environment,
    on_behalf_of: facts.on_behalf_of,
    requested_approval: facts.requested_approval,
    approvals: facts.approvals,
  })
  return { principal, action: facts.undo ? undoAction(contract.name) : contract.name, resource, context, entities }
}

const entityTypes: Readonly<Record<string, string>> = { agent: 'Agent', service: 'Service' }

/** `agent:x` is `Agent::"x"`, `service:x` is `Service::"x"`; nothing else acts, so nothing else is in the schema. */
function entityOf(principal: string): TypeAndId {
  const [kind, ...rest] = principal.split(':')
  return { type: entityTypes[kind ?? ''] ?? 'Stranger', id: rest.join(':') }
}
