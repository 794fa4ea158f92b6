import { ExequaturError } from '../domain/errors.js'
import type { Caller, ControlPlane } from './control-plane.js'
import { requirePerson } from './require-person.js'

/** Lets the people past who keep the policies. Throws `EXQ-2002`, `EXQ-3011`, `EXQ-3014`. */
export function requireKeeper(plane: Pick<ControlPlane, 'policyRule' | 'groups'>, caller: Caller): void {
  requirePerson(caller, 'look after policies')
  const { group } = plane.policyRule
  if (!plane.groups.includes(group))
    throw new ExequaturError('EXQ-3014', `the configuration declares no group ${group}, which keeps the policies`)
  const { principal } = caller.principal
  if (!caller.authority.groupsOf(principal).includes(group))
    throw new ExequaturError('EXQ-3011', `${principal} is not in the group ${group}`)
}
