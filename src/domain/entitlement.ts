import type { PendingRule } from './stop.js'

/** Who may stop and resume, and what becomes of what is stopped where the order does not say. */
export interface StopRules {
  /** The group whose people may; without one only operators resume. */
  readonly group?: string
  readonly pending: PendingRule
}

/** A person, as far as entitlement goes. */
export interface Entitled {
  readonly id: string
  readonly groups: readonly string[]
}

/** Does the configured group entitle this person? */
export function isKeeper({ group }: Pick<StopRules, 'group'>, person: Entitled): boolean {
  return group !== undefined && person.groups.includes(group)
}

/** Stopping is cheap: whoever answers for an agent may stop it, and all agents of theirs. Resuming takes the group. */
export function mayStop(
  rules: StopRules,
  person: Entitled,
  scope: string,
  ownerOf: (agent: string) => string | null,
): boolean {
  if (isKeeper(rules, person)) return true
  if (scope === `owner:${person.id}`) return true
  return scope.startsWith('agent:') && ownerOf(scope) === person.id
}
