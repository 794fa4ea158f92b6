import { mayResolve } from '../../evidence/attention-deciders.js'
import { stateOf } from '../../evidence/attention-state.js'
import { isEntitled, validVotes } from '../../evidence/votes.js'
import type { ClaimedDelivery } from '../../ledger/queries/claim-delivery.js'
import { viewApproval } from '../approval-view.js'
import type { ControlPlane } from '../control-plane.js'
import { loadNoticed, type Noticed } from './load-noticed.js'

/**
 * Is what was to be told no longer true? It was decided, a person has a vote that counts or may not decide any more, a newer
 * reminder waits; or it is closed, and the address never heard of it.
 */
export async function isMoot(plane: ControlPlane, delivery: ClaimedDelivery): Promise<boolean> {
  if (delivery.kind === 'closed' && !delivery.told) return true
  if (delivery.outdated) return true
  const { tenant, action_id, approval_id, attention_id } = delivery
  const noticed = await loadNoticed(plane, { tenant, action_id, about: approval_id ?? attention_id ?? '' })
  if (!noticed) return true
  const person = delivery.address.startsWith('person:') ? delivery.address : null
  if (person && noticed.admitted.authority.principal(person)?.state !== 'live') return true
  if (delivery.kind === 'closed') return false
  return !isOpen(plane, noticed) || (person !== null && !isAsked(plane, noticed, person))
}

function isOpen(plane: ControlPlane, { admitted, approval, attention }: Noticed): boolean {
  if (attention) return stateOf(plane, admitted, attention) === 'open'
  return approval !== undefined && viewApproval(plane, admitted, approval, '').state === 'waiting'
}

function isAsked(plane: ControlPlane, { admitted, approval, attention }: Noticed, person: string): boolean {
  if (attention) return mayResolve(plane, admitted, attention.step, person)
  if (!approval) return false
  const decided = validVotes(plane, admitted, approval).some(({ approver }) => approver === person)
  return !decided && isEntitled(plane, admitted, person, approval)
}
