import { type CedarAttribute, type CedarType, cedarType } from '../contract/decidable.js'
import { reservedCounts } from '../domain/approval.js'
import { dimensions } from '../domain/budget.js'
import { type Contract, effectClasses, risks } from '../domain/contract.js'
import { readKinds } from '../domain/session.js'
import type { SchemaJson } from './cedar.js'

const text: CedarAttribute = { type: 'String', required: true }
const optionalText: CedarAttribute = { type: 'String', required: false }
const count: CedarAttribute = { type: 'Long', required: true }
const flag: CedarAttribute = { type: 'Boolean', required: true }

const used: CedarAttribute = { ...record({ calls: count, writes: count, spend_cents: count }), required: true }

/** The Cedar action of undoing a tool. */
export function undoAction(tool: string): string {
  return `${tool}/compensate`
}

/**
 * The Cedar schema of a set of contracts (one version of each tool) and of the declared groups. Actions belong to
 * `risk:<risk>` and `effect:<effect>`, where they are declared to `reads:<kind>` and `sends:outside`, undo actions to `compensate`.
 */
export function cedarSchema(contracts: readonly Contract[], groups: readonly string[]): SchemaJson<string> {
  const byName = new Map(contracts.map((contract) => [contract.name, contract]))
  const families = [
    ...risks.map((risk) => `risk:${risk}`),
    ...effectClasses.map((effect) => `effect:${effect}`),
    ...readKinds.map((kind) => `reads:${kind}`),
    'sends:outside',
    'compensate',
  ]
  const actions: SchemaJson<string>[string]['actions'] = Object.fromEntries(families.map((family) => [family, {}]))
  for (const contract of contracts) {
    const appliesTo = { resourceTypes: [contract.resource.type], context: contextType(contract, byName, groups) }
    actions[contract.name] = {
      memberOf: familiesOf(contract).map((id) => ({ id })),
      appliesTo: { ...appliesTo, principalTypes: ['Agent', 'Service'] },
    }
    if (contract.effect === 'reversible') {
      actions[undoAction(contract.name)] = {
        memberOf: [{ id: 'compensate' }],
        appliesTo: { ...appliesTo, principalTypes: ['Service'] },
      }
    }
  }
  const resources = contracts.map(({ resource }) => [resource.type, { shape: record({ tenant: text }) }])
  return {
    '': {
      entityTypes: {
        Group: {},
        Agent: {
          memberOfTypes: ['Group'],
          shape: record({ tenant: text, owner: optionalText, environment: optionalText }),
        },
        Service: { shape: record({ tenant: text }) },
        ...Object.fromEntries(resources),
      },
      actions,
    },
  }
}

/** The groups of Cedar actions that a tool is in. */
export function familiesOf({ risk, effect, reads = [], sends }: Contract): string[] {
  return [
    `risk:${risk}`,
    `effect:${effect}`,
    ...reads.map((kind) => `reads:${kind}`),
    ...(sends ? [`sends:${sends}`] : []),
  ]
}

/** The context every policy of a tool can read. */
export function contextType(
  contract: Contract,
  byName: ReadonlyMap<string, Contract>,
  groups: readonly string[],
): CedarType & { type: 'Record' } {
  const observed = contract.observe ? byName.get(contract.observe.tool) : undefined
  return record({
    args: { ...argsType(contract), required: true },
    ...(observed && { observed: { ...(cedarType(observed.output) ?? record({})), required: false } }),
    plan: { ...record({ goal: optionalText, step: text, steps: count, writes: count }), required: true },
    session: {
      ...record({ id: optionalText, calls: count, read_untrusted: flag, read_sensitive: flag }),
      required: true,
    },
    totals: {
      ...record(Object.fromEntries(dimensions.map((dimension) => [dimension, used]))),
      required: true,
    },
    environment: optionalText,
    on_behalf_of: optionalText,
    requested_approval: flag,
    approvals: {
      ...record(Object.fromEntries([...groups, ...reservedCounts].map((group) => [group, count]))),
      required: true,
    },
  })
}

/** Late arguments are optional to a policy, filled ones are there when it is asked. */
function argsType(contract: Contract): CedarType {
  const type = cedarType(contract.input)
  if (type?.type !== 'Record') return record({})
  const attributes: Record<string, CedarAttribute> = { ...type.attributes }
  for (const [name, attribute] of Object.entries(attributes)) {
    if (contract.late.includes(name)) attributes[name] = { ...attribute, required: false }
    if (name in contract.fill) attributes[name] = { ...attribute, required: true }
  }
  return record(attributes)
}

function record(attributes: Record<string, CedarAttribute>): CedarType & { type: 'Record' } {
  return { type: 'Record', attributes }
}
