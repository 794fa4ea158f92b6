import type { Contract } from '../domain/contract.js'
import type { Problem } from '../domain/errors.js'
import { type Requirements, tellRequirements } from '../domain/policy.js'
import { validate } from './cedar.js'
import { takesIn } from './permits-of.js'
import { defaultPack } from './policy-files.js'
import type { Policy, PolicySet } from './policy-set.js'
import { cedarSchema } from './schema.js'

/** What Cedar warns of: policies that can never apply, text that looks like other text. The default pack fits every deployment. */
export function warningsOf(set: PolicySet, contracts: readonly Contract[], groups: readonly string[]): Problem[] {
  const staticPolicies = Object.fromEntries([...set.policies].map(([id, { text }]) => [id, text]))
  const answer = validate({ schema: cedarSchema(contracts, groups), policies: { staticPolicies } })
  if (answer.type === 'failure') return []
  const told = new Map<string, string[]>()
  for (const { policyId, error } of answer.validationWarnings) {
    if (set.policies.get(policyId)?.file === defaultPack) continue
    told.set(policyId, [...(told.get(policyId) ?? []), error.message.replace(/^for policy `[^`]*`, /, '')])
  }
  return [...told].map(([id, messages]) => ({
    pointer: `/${id}`,
    message: `${set.policies.get(id)?.file}: ${messages.join('; ')}. Correct its scope or conditions, or remove it.`,
  }))
}

/** Requirements (`@require`) that nobody could ever meet, each with what to do. `asked`: ids that a policy case shows to ask. */
export function unmeetable(set: PolicySet, contracts: readonly Contract[], asked: ReadonlySet<string>): Problem[] {
  return [...set.policies.values()].flatMap((policy) => {
    const { requires, id, file } = policy
    if (!requires) return []
    const problems = [...unyielding(policy, requires, asked), ...withoutApprovers(policy, requires, contracts)]
    return problems.map((problem) => ({ pointer: `/${id}`, message: `${file}: ${problem}` }))
  })
}

/** Granting exactly what is asked for has to make the policy yield. */
function unyielding({ id, yieldsTo, plain }: Policy, requires: Requirements, asked: ReadonlySet<string>): string[] {
  if (plain || asked.has(id)) return []
  if (!yieldsTo)
    return [
      'whether its `unless` yields to what @require asks for cannot be told: write it as `unless { context.approvals.<group> >= <count> }`, or add a policy case in which it asks for approval.',
    ]
  const missing = Object.entries(yieldsTo).filter(([group, count]) => (requires[group] ?? 0) < count)
  if (missing.length === 0) return []
  const wants = tellRequirements(Object.fromEntries(missing))
  return [
    `its \`unless\` wants ${wants}, @require asks for ${tellRequirements(requires)}: it stays a denial whoever approves. Make both the same.`,
  ]
}

/** The reserved names count people of the tool's own approver groups. */
function withoutApprovers(policy: Policy, requires: Requirements, contracts: readonly Contract[]): string[] {
  const within = contracts.filter((contract) => takesIn(policy, contract))
  const short = within.filter(({ approvers }) => {
    const groups = new Set(approvers).size
    return (requires.groups ?? 0) > groups || ((requires.approvers ?? requires.strong ?? 0) > 0 && groups === 0)
  })
  // A rule for all tools may leave some of them denied; one that names them, or that none can meet, is a mistake.
  const isForAll = within.length === contracts.length
  if (isForAll && (policy.file === defaultPack || short.length < within.length)) return []
  return short.map(
    ({ name, approvers }) =>
      `@require asks for ${tellRequirements(requires)}, and ${name} names ${approvers.length === 0 ? 'no approvers' : `only ${approvers.join(', ')}`}: add groups to \`approvers\` of the tool, or ask for a group by name.`,
  )
}

/** Groups that are too small for what is asked of them. `peopleIn`: how many live people are in any of these groups. */
export function tooSmall(
  set: PolicySet,
  contracts: readonly Contract[],
  peopleIn: (groups: readonly string[]) => number,
): Problem[] {
  return [...set.policies.values()].flatMap((policy) => {
    const named = Object.entries(policy.requires ?? {}).filter(([group]) => !reserved.has(group))
    const problems = named
      .filter(([group, count]) => peopleIn([group]) < count)
      .map(([group, count]) => `it asks for ${group} ${count}, and ${tell(peopleIn([group]))} in ${group}`)
    const people = Math.max(policy.requires?.approvers ?? 0, policy.requires?.strong ?? 0)
    if (people > 0) {
      for (const { name, approvers } of contracts.filter((contract) => takesIn(policy, contract))) {
        if (approvers.length > 0 && peopleIn(approvers) < people)
          problems.push(
            `it asks for ${people} approvers of ${name}, and ${tell(peopleIn(approvers))} in ${approvers.join(', ')}`,
          )
      }
    }
    return problems.map((problem) => ({
      pointer: `/${policy.id}`,
      message: `${policy.file}: ${problem}: put people into it, \`exq person create <name> --group <group>\`.`,
    }))
  })
}

const reserved = new Set(['approvers', 'groups', 'strong'])

function tell(count: number): string {
  if (count === 0) return 'nobody is'
  return count === 1 ? '1 person is' : `${count} people are`
}
