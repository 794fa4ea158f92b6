import type { PrincipalKind, PrincipalState } from '../domain/principal.js'
import { type Stop, stoppedBy } from '../domain/stop.js'
import type { Caller } from './control-plane.js'
import { requirePerson } from './require-person.js'

/** A principal at a glance. */
export interface PrincipalGlance {
  readonly principal: string
  /** The principal without its kind. */
  readonly name: string
  readonly kind: PrincipalKind
  readonly owner: string | null
  readonly state: PrincipalState
  /** What holds back all that it asks for, whatever the tool. */
  readonly stopped: Stop | null
}

/** Everybody of one kind in the caller's tenant, by name. Throws `EXQ-2002` for anybody but a person. */
export function listPrincipals(caller: Caller, kind: PrincipalKind): PrincipalGlance[] {
  requirePerson(caller, 'look at who there is')
  const { principals, stops } = caller.authority
  return principals
    .filter((row) => row.kind === kind)
    .map(({ principal, owner, state }) => ({
      principal,
      name: principal.slice(kind.length + 1),
      kind,
      owner,
      state,
      stopped: stoppedBy(stops, { actors: [{ id: principal, owner }], tool: '', undo: false }) ?? null,
    }))
    .sort((one, other) => (one.name < other.name ? -1 : 1))
}
