import { mayVote } from '../domain/approval.js'
import { type Admitted, pinnedContract } from './admitted.js'
import { chainOf } from './votes.js'

/** May this person look an action over? Those may who could have approved its changes, and are no part of the request. */
export function mayReview(admitted: Admitted, person: string): boolean {
  const { request, authority } = admitted
  const principal = authority.principal(person)
  if (principal?.kind !== 'person' || principal.state !== 'live') return false
  const groups = request.plan.steps.flatMap(({ id }) => {
    const contract = pinnedContract(admitted, id)?.contract
    return contract && contract.effect !== 'none' ? contract.approvers : []
  })
  return mayVote({ person, groups: authority.groupsOf(person) }, { groups, chain: chainOf(admitted) })
}
