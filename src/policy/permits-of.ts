import type { Contract } from '../domain/contract.js'
import { isObject } from '../domain/json.js'
import { policyToJson } from './cedar.js'
import type { Policy, PolicySet } from './policy-set.js'
import { familiesOf } from './schema.js'

/** Ids of the permits whose scope takes in a tool, whoever asks. */
export function permitsOf(set: PolicySet, contract: Contract): string[] {
  return [...set.policies.values()]
    .filter((policy) => policy.effect === 'permit' && takesIn(policy, contract))
    .map(({ id }) => id)
}

/** Whether the scope of a policy takes in a tool. */
export function takesIn({ text }: Policy, contract: Contract): boolean {
  const parsed = policyToJson(text)
  if (parsed.type === 'failure' || !isObject(parsed.json.action)) return false
  const scope: Readonly<Record<string, unknown>> = parsed.json.action
  if (scope.op === 'All') return true
  const entities = [scope.entity, ...(Array.isArray(scope.entities) ? scope.entities : [])]
  const covering: unknown[] = [contract.name, ...familiesOf(contract)]
  return entities.some((entity) => isObject(entity) && covering.includes(entity.id))
}
