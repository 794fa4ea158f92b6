import { type CedarType, cedarValue } from '../contract/decidable.js'
import { digest } from '../digest.js'
import { reservedCounts } from '../domain/approval.js'
import { type Dimension, dimensions } from '../domain/budget.js'
import type { Contract } from '../domain/contract.js'
import type { Problem } from '../domain/errors.js'
import {
  type EntityJson,
  preparsePolicySet,
  preparseSchema,
  statefulIsAuthorized,
  type TypeAndId,
  validate,
} from './cedar.js'
import { takesIn } from './permits-of.js'
import { invalidSet, type PolicySet } from './policy-set.js'
import { cedarSchema, contextType } from './schema.js'

/** One question to Cedar. `context` is shaped by the contract; what it does not declare is dropped. */
export interface Question {
  readonly principal: TypeAndId
  readonly action: string
  readonly resource: TypeAndId
  readonly context: Readonly<Record<string, unknown>>
  readonly entities: readonly EntityJson[]
}

export interface Answer {
  readonly decision: 'allow' | 'deny'
  readonly policy_ids: readonly string[]
  /** Any error makes the answer a deny: Cedar itself skips a `forbid` that fails. */
  readonly errors: readonly string[]
}

/** A policy set made ready for the contracts it decides on. */
export interface PolicyEngine {
  readonly set: PolicySet
  readonly contextOf: (contract: Contract) => CedarType
  /** Of whom policies that apply to a tool read the totals. */
  readonly totalsRead: (contract: Contract) => readonly Dimension[]
  readonly ask: (question: Question) => Answer
}

// Cedar keeps what it parsed for ever, by name: names are used in turn, so that memory stays bounded.
const slots = 32
let nextSlot = 0
const holders = new Map<string, string>()

/** Prepares a set. Throws `EXQ-3002` if it is not strictly valid against the schema of these contracts and groups. */
export function createPolicyEngine(
  set: PolicySet,
  contracts: readonly Contract[],
  groups: readonly string[],
): PolicyEngine {
  const schema = cedarSchema(contracts, groups)
  const staticPolicies = Object.fromEntries([...set.policies].map(([id, { text }]) => [id, text]))
  const answer = validate({ schema, policies: { staticPolicies } })
  const problems: Problem[] =
    answer.type === 'failure'
      ? answer.errors.map(({ message }) => ({ pointer: '/', message }))
      : answer.validationErrors.map(({ policyId, error }) => ({
          pointer: `/${policyId}`,
          message: [error.message, error.help].filter(Boolean).join(': '),
        }))
  problems.push(...unknownGroups(set, groups))
  if (problems.length > 0) throw invalidSet(problems)
  const name = digest({ schema, staticPolicies })
  const byName = new Map(contracts.map((contract) => [contract.name, contract]))
  const totals = new WeakMap<Contract, readonly Dimension[]>()
  let slot = ''
  const prepare = () => {
    if (holders.get(slot) === name) return
    slot = `slot-${nextSlot++ % slots}`
    holders.delete(slot)
    for (const parsed of [preparseSchema(slot, schema), preparsePolicySet(slot, { staticPolicies })]) {
      if (parsed.type === 'failure') throw invalidSet(parsed.errors.map(({ message }) => ({ pointer: '/', message })))
    }
    holders.set(slot, name)
  }
  return {
    set,
    contextOf: (contract) => contextType(contract, byName, groups),
    totalsRead: (contract) => {
      const known = totals.get(contract) ?? totalsReadBy(set, contract)
      totals.set(contract, known)
      return known
    },
    ask: (question) => {
      prepare()
      return ask(slot, question)
    },
  }
}

function totalsReadBy(set: PolicySet, contract: Contract): Dimension[] {
  const reading = [...set.policies.values()].filter((policy) => policy.totals.length > 0 && takesIn(policy, contract))
  return dimensions.filter((dimension) => reading.some((policy) => policy.totals.includes(dimension)))
}

function ask(slot: string, question: Question): Answer {
  // A getter inside the call would run while wasm is on the stack: only the result of JSON.parse goes in.
  const call = JSON.parse(JSON.stringify({ ...question, action: { type: 'Action', id: question.action } }))
  const answer = statefulIsAuthorized({
    ...call,
    preparsedSchemaName: slot,
    preparsedPolicySetId: slot,
    validateRequest: true,
  })
  if (answer.type === 'failure')
    return { decision: 'deny', policy_ids: [], errors: answer.errors.map(({ message }) => message) }
  const { decision, diagnostics } = answer.response
  const errors = diagnostics.errors.map(({ policyId, error }) => `${policyId}: ${error.message}`)
  return { decision: errors.length > 0 ? 'deny' : decision, policy_ids: [...diagnostics.reason].sort(), errors }
}

function unknownGroups(set: PolicySet, groups: readonly string[]): Problem[] {
  const known = new Set([...groups, ...reservedCounts])
  return [...set.policies.values()].flatMap(({ id, requires }) =>
    Object.keys(requires ?? {})
      .filter((group) => !known.has(group))
      .map((group) => ({
        pointer: `/${id}`,
        message: `@require names the group ${group}, which the configuration does not declare`,
      })),
  )
}

/** Shapes a context for a contract: declared attributes only. */
export function shapeContext(
  engine: PolicyEngine,
  contract: Contract,
  context: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return cedarValue(engine.contextOf(contract), context) as Record<string, unknown>
}
