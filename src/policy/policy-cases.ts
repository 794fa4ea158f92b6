import { checkArgs, checkSide } from '../contract/check-args.js'
import { digest } from '../digest.js'
import { reservedCounts } from '../domain/approval.js'
import { resolveArgs } from '../domain/arguments.js'
import { noTotals, type Totals, totalsOf } from '../domain/budget.js'
import type { Contract, RegisteredContract } from '../domain/contract.js'
import type { Problem } from '../domain/errors.js'
import { type PolicyDecision, type Requirements, tellRequirements } from '../domain/policy.js'
import { spendOf } from '../domain/spend.js'
import { decide } from './decide.js'
import type { PolicyCase } from './policy-case-files.js'
import { createPolicyEngine, type PolicyEngine } from './policy-engine.js'
import { type PolicyFiles, parsePolicySet } from './policy-set.js'
import { undoAction } from './schema.js'

export interface CaseResult {
  readonly file: string
  readonly description: string
  readonly passed: boolean
  /** What differs from what the case expects, or why it makes no sense; for people. */
  readonly problems: readonly string[]
  /** Null if the case makes no sense. */
  readonly decision: PolicyDecision | null
}

interface Setting {
  readonly engine: PolicyEngine
  readonly contracts: ReadonlyMap<string, RegisteredContract>
  readonly groups: readonly string[]
}

/**
 * Puts each case to the policy, by the same `decide` that requests go through, and compares. Of a tool with several
 * versions the newest counts. Throws `EXQ-3002` if the policy set is not valid.
 */
export function runPolicyCases(options: {
  readonly files: PolicyFiles
  readonly contracts: readonly Contract[]
  readonly groups: readonly string[]
  readonly cases: readonly PolicyCase[]
}): CaseResult[] {
  const ascending = [...options.contracts].sort((one, other) => one.version - other.version)
  const newest = [...new Map(ascending.map((contract) => [contract.name, contract])).values()]
  const setting: Setting = {
    engine: createPolicyEngine(parsePolicySet(options.files), newest, options.groups),
    contracts: new Map(
      newest.map((contract) => [contract.name, { contract, digest: digest(contract), status: 'live', note: null }]),
    ),
    groups: options.groups,
  }
  return options.cases.map((each) => runCase(setting, each))
}

function runCase(setting: Setting, each: PolicyCase): CaseResult {
  const { file, description } = each
  const nonsense = nonsenseIn(setting, each)
  if (nonsense.length > 0) return { file, description, passed: false, problems: nonsense, decision: null }
  const decision = decideCase(setting, each)
  const problems = differences(each.expect, decision)
  return { file, description, passed: problems.length === 0, problems, decision }
}

function decideCase({ engine, contracts, groups }: Setting, each: PolicyCase): PolicyDecision {
  const { name, undo } = toolOf(each)
  const contract = contracts.get(name) as RegisteredContract
  const { plan, principal, context } = each
  return decide(engine, {
    tenant: each.tenant,
    step: 'step1',
    principal: {
      id: principal.id,
      owner: principal.owner ?? null,
      groups: principal.groups,
      environment: principal.environment ?? null,
    },
    contract,
    undo,
    args: argsOf(each, contract),
    observed: each.observed ?? null,
    plan: {
      goal: plan.goal,
      step: 'step1',
      steps: plan.steps,
      writes: plan.writes ?? (contract.contract.effect === 'none' ? 0 : 1),
    },
    session: each.session,
    totals: principal.id.startsWith('service:') ? noTotals : totalsIn(each, contract),
    on_behalf_of: context.on_behalf_of ?? null,
    requested_approval: context.requires_approval,
    approvals: { ...Object.fromEntries(countable(groups).map((group) => [group, 0])), ...each.approvals },
  })
}

/** A case about what cannot happen would prove nothing: arguments, facts and groups must fit the contract. */
function nonsenseIn({ contracts, groups }: Setting, each: PolicyCase): string[] {
  const { name, undo } = toolOf(each)
  const contract = contracts.get(name)
  if (!contract) return [`there is no tool ${name}; there are ${[...contracts.keys()].join(', ')}`]
  const { late, observe, effect } = contract.contract
  const args = argsOf(each, contract)
  const missing = late.filter((field) => args[field] === undefined)
  const observed = observe && contracts.get(observe.tool)
  const within = (side: string, problems: readonly Problem[]) =>
    problems.map(({ pointer, message }) => `${side}${pointer}: ${message}`)
  const strangers = (place: string, named: readonly string[], known: readonly string[]) =>
    named.filter((group) => !known.includes(group)).map((group) => `${place}: there is no group ${group}`)
  return [
    ...(undo && effect !== 'reversible' ? [`${name} cannot be undone`] : []),
    ...within('args', checkArgs(contract, { id: 'step1', tool: name, args }, missing)),
    ...(each.observed && !observed ? [`${name} observes nothing`] : []),
    ...(each.observed && observed ? within('observed', checkSide(observed, 'output', each.observed)) : []),
    ...strangers('principal', each.principal.groups, groups),
    ...strangers('approvals', Object.keys(each.approvals), countable(groups)),
  ]
}

function differences(expected: PolicyCase['expect'], decision: PolicyDecision): string[] {
  const { policies, requirements, explanation_contains: words } = expected
  const problems: string[] = []
  if (decision.result !== expected.result)
    problems.push(`expected ${expected.result}, but the policy says ${decision.result}: ${decision.explanation}`)
  if (policies && list(policies) !== list(decision.policy_ids))
    problems.push(`expected ${list(policies)} to decide, but it was ${list(decision.policy_ids)}`)
  if (requirements && tell(requirements) !== tell(decision.requirements))
    problems.push(`expected to need ${tell(requirements)}, but it is ${tell(decision.requirements)}`)
  if (words !== undefined && !decision.explanation.includes(words))
    problems.push(`expected the explanation to contain "${words}", but it is "${decision.explanation}"`)
  return problems
}

function toolOf({ tool }: PolicyCase): { name: string; undo: boolean } {
  const [name = ''] = tool.split('/')
  return { name: tool === undoAction(name) ? name : tool, undo: tool === undoAction(name) }
}

function argsOf(each: PolicyCase, { contract }: RegisteredContract) {
  return resolveArgs({ id: 'step1', tool: contract.name, args: each.args }, contract, each.observed ?? null, () => null)
}

/** What a case says, at least what the call takes by itself. */
function totalsIn(each: PolicyCase, { contract }: RegisteredContract): Totals {
  const observed = each.observed ?? null
  const args = argsOf(each, { contract } as RegisteredContract)
  const alone = {
    calls: 1,
    writes: contract.effect === 'none' ? 0 : 1,
    spend_cents: spendOf(contract, { args, observed }) ?? 0,
  }
  return totalsOf((dimension) => {
    const { calls, writes, spend_cents } = each.totals[dimension] ?? {}
    return {
      calls: calls ?? alone.calls,
      writes: writes ?? alone.writes,
      spend_cents: spend_cents ?? alone.spend_cents,
    }
  })
}

function countable(groups: readonly string[]): string[] {
  return [...groups, ...reservedCounts]
}

function list(ids: readonly string[]): string {
  return [...new Set(ids)].sort().join(', ') || 'no policy'
}

function tell(requirements: Requirements): string {
  const sorted = Object.entries(requirements).sort(([one], [other]) => one.localeCompare(other))
  return tellRequirements(Object.fromEntries(sorted)) || 'no approval'
}
