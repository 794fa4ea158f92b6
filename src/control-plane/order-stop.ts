import { isKeeper, mayStop } from '../domain/entitlement.js'
import { ExequaturError } from '../domain/errors.js'
import { everything, type PendingRule, type Stop } from '../domain/stop.js'
import { authenticateAgain } from './authenticate.js'
import type { Caller, ControlPlane } from './control-plane.js'
import { requirePerson } from './require-person.js'
import { orderResume, orderStop, type StopOrdered, type StopWish, stopsIn } from './stops.js'

type StopPlane = Pick<ControlPlane, 'pool' | 'authorities' | 'stops'>

/**
 * Stops a scope of the caller's tenant at once. People of the configured group may, and owners what is theirs. Throws
 * `EXQ-4020`, `EXQ-4021`, for an agent `EXQ-2002`.
 */
export async function stopAs(
  plane: StopPlane,
  caller: Caller,
  wish: { readonly scope: string; readonly reason: string; readonly pending?: PendingRule | undefined },
): Promise<StopOrdered> {
  const { pending = plane.stops.pending } = wish
  return again(plane, caller, (present) => {
    const ownerOf = (agent: string) => present.authority.principal(agent)?.owner ?? null
    if (wish.scope === everything.scope || !mayStop(plane.stops, personOf(present), wish.scope, ownerOf))
      refuse(present, wish.scope)
    return orderStop(plane, { ...wishOf(present, wish), pending })
  })
}

/** Lets a stopped scope go on: for people of the configured group. Throws `EXQ-4020`, `EXQ-4022`, for an agent `EXQ-2002`. */
export async function resumeAs(
  plane: StopPlane,
  caller: Caller,
  wish: { readonly scope: string; readonly reason: string },
): Promise<StopOrdered> {
  return again(plane, caller, (present) => {
    if (wish.scope === everything.scope || !isKeeper(plane.stops, personOf(present))) refuse(present, wish.scope)
    return orderResume(plane, wishOf(present, wish))
  })
}

/** Asks again under the present authority for as long as it moves in between. */
export async function again<T>(
  plane: Pick<ControlPlane, 'authorities'>,
  caller: Caller,
  work: (present: Caller) => Promise<T | null>,
): Promise<T> {
  for (let present = caller; ; present = await authenticateAgain(plane.authorities, present)) {
    const done = await work(present)
    if (done !== null) return done
  }
}

export function personOf({ principal, authority }: Caller): { id: string; groups: readonly string[] } {
  requirePerson({ principal }, 'stop and resume')
  return { id: principal.principal, groups: authority.groupsOf(principal.principal) }
}

function wishOf({ tenant, principal, authority }: Caller, wish: { scope: string; reason: string }): StopWish {
  const { scope, reason } = wish
  return { tenant, scope, reason, by: principal.principal, authority_revision: authority.revision }
}

function refuse({ principal }: Caller, what: string): never {
  throw new ExequaturError('EXQ-4020', `${principal.principal} for ${what}`)
}

/** The stops in force for the caller's tenant, for people. Throws `EXQ-2002` for an agent. */
export function listStops(caller: Caller): Stop[] {
  personOf(caller)
  return stopsIn(caller.authority)
}
