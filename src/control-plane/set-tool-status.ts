import type { ContractStatus } from '../domain/contract.js'
import { isKeeper } from '../domain/entitlement.js'
import { ExequaturError } from '../domain/errors.js'
import { ledgerMoment } from '../ledger/queries/ledger-moment.js'
import { type StatusOrder, setContractStatus } from '../ledger/queries/set-contract-status.js'
import type { Caller, ControlPlane } from './control-plane.js'
import { again, personOf } from './order-stop.js'
import type { StopDeps } from './stops.js'

export interface StatusOrdered {
  readonly tool: string
  readonly tenant: string
  readonly status: ContractStatus
  readonly note: string
  readonly by: string
  /** The versions that have it now and did not before. */
  readonly versions: readonly number[]
  /** By the ledger's clock, once the order is committed: no intent and no attempt of a withdrawn version is younger. */
  readonly acknowledged_at: string
}

/** Gives versions of a tool another status, at once; null if the authority moved meanwhile. Throws `EXQ-1109`. */
export async function orderStatus(deps: StopDeps, order: StatusOrder): Promise<StatusOrdered | null> {
  const authority = await deps.authorities.current(order.tenant)
  const { tool, tenant, version, status, note, by } = order
  const known = authority?.contracts.some(
    ({ contract }) => contract.name === tool && (version === null || contract.version === version),
  )
  if (!known) throw new ExequaturError('EXQ-1109', `${tool}${version === null ? '' : ` v${version}`} in ${tenant}`)
  const versions = await setContractStatus(deps.pool, order)
  return versions && { tool, tenant, status, note, by, versions, acknowledged_at: await ledgerMoment(deps.pool) }
}

/**
 * The same for people: those of the group that stops, and who owns the tool, but the owner alone does not restore what
 * was withdrawn. Throws `EXQ-1109`, `EXQ-4020`, for an agent `EXQ-2002`.
 */
export function setToolStatus(
  plane: Pick<ControlPlane, 'pool' | 'authorities' | 'stops'>,
  caller: Caller,
  wish: {
    readonly tool: string
    readonly version?: number | undefined
    readonly status: ContractStatus
    readonly note: string
  },
): Promise<StatusOrdered> {
  return again(plane, caller, (present) => {
    const person = personOf(present)
    const own = present.authority.contracts.some(
      ({ contract }) => contract.name === wish.tool && contract.owner === person.id,
    )
    if (!isKeeper(plane.stops, person) && !(own && wish.status !== 'live'))
      throw new ExequaturError('EXQ-4020', `${person.id} for ${wish.tool}`)
    return orderStatus(plane, {
      ...wish,
      tenant: present.tenant,
      version: wish.version ?? null,
      by: person.id,
      authority_revision: present.authority.revision,
    })
  })
}
