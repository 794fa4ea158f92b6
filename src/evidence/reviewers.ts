import { mayVote } from '../domain/approval.js'
import { type Admitted, type EvidenceDeps, pinnedContract } from './admitted.js'
import { chainOf } from './votes.js'

/**
 * May this person look an action over? Those may who could have approved its changes, and are no part of the request;
 * where there is one person only, that one may.
 */
export function mayReview(deps: Pick<EvidenceDeps, 'people'>, admitted: Admitted, person: string): boolean {
  const { request, authority } = admitted
  const principal = authority.principal(person)
  if (principal?.kind !== 'person' || principal.state !== 'live') return false
  const groups = request.plan.steps.flatMap(({ id }) => {
    const contract = pinnedContract(admitted, id)?.contract
    return contract && contract.effect !== 'none' ? contract.approvers : []
  })
  const chain = deps.people === 'one' ? [] : chainOf(admitted)
  return mayVote({ person, groups: authority.groupsOf(person) }, { groups, chain })
}
