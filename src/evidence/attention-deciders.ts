import { type Admitted, type EvidenceDeps, pinnedContract } from './admitted.js'
import { chainOf } from './votes.js'

type DeciderDeps = Pick<EvidenceDeps, 'people' | 'attentionGroup'>

/** The groups that decide on what a step came to: the approvers of its tool, and those the configuration names. */
export function decidingGroups({ attentionGroup }: DeciderDeps, admitted: Admitted, step: string): readonly string[] {
  const approvers = pinnedContract(admitted, step)?.contract.approvers ?? []
  return [...new Set([...approvers, ...(attentionGroup ? [attentionGroup] : [])])]
}

/**
 * May this person decide on what a step came to, as things stand now? Nobody of the chain may, but where there is one
 * person only. Where no group is named, the owner of the tool decides.
 */
export function mayResolve(deps: DeciderDeps, admitted: Admitted, step: string, person: string): boolean {
  const { authority } = admitted
  const principal = authority.principal(person)
  if (principal?.kind !== 'person' || principal.state !== 'live') return false
  if (deps.people !== 'one' && chainOf(admitted).includes(person)) return false
  const groups = decidingGroups(deps, admitted, step)
  if (groups.length === 0) return pinnedContract(admitted, step)?.contract.owner === person
  return authority.groupsOf(person).some((group) => groups.includes(group))
}

/** Everybody who may. */
export function resolversOf(deps: DeciderDeps, admitted: Admitted, step: string): string[] {
  const { authority } = admitted
  const members = decidingGroups(deps, admitted, step).flatMap((group) => authority.membersOf(group))
  const owner = pinnedContract(admitted, step)?.contract.owner
  return [...new Set([...members, ...(owner ? [owner] : [])])]
    .filter((person) => mayResolve(deps, admitted, step, person))
    .sort()
}

/** The method a decision about a step takes: where the tool is critical, people sign with their own keys. */
export function methodNeeded(admitted: Admitted, step: string): 'any' | 'key' {
  return pinnedContract(admitted, step)?.contract.risk === 'critical' ? 'key' : 'any'
}
