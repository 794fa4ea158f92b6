import { isKeeper } from '../domain/entitlement.js'
import { ExequaturError } from '../domain/errors.js'
import { acknowledgeShadow as record } from '../ledger/queries/acknowledge-shadow.js'
import { findShadow, listShadows as query, type ShadowRow } from '../ledger/queries/list-shadows.js'
import type { Caller, ControlPlane } from './control-plane.js'
import { cursorAfter, type Page, parseCursor } from './cursor.js'
import { personOf } from './order-stop.js'
import { requirePerson } from './require-person.js'

/** Effects that are not as the ledger says, oldest first: those nobody acknowledged, or all. Throws `EXQ-2002` for an agent. */
export async function listShadowEffects(
  { pool }: Pick<ControlPlane, 'pool'>,
  caller: Caller,
  listing: { readonly all: boolean; readonly cursor?: string | undefined; readonly limit: number },
): Promise<Page<ShadowRow>> {
  requirePerson(caller, 'look after shadow effects')
  const after = parseCursor(listing.cursor)
  const rows = await query(pool, caller.tenant, {
    all: listing.all,
    after: after ? { found_at: after.admitted_at, id: after.id } : null,
    limit: listing.limit + 1,
  })
  const items = rows.slice(0, listing.limit)
  const last = items.at(-1)
  const next = rows.length > listing.limit && last ? cursorAfter({ admitted_at: last.found_at, id: last.id }) : null
  return { items, next }
}

/**
 * Records that a person knows of a shadow effect, and why it is there: somebody of the tool's approver groups, or who may
 * stop. Throws `EXQ-5060`, for an agent too, and `EXQ-5061`.
 */
export async function acknowledgeShadowEffect(
  plane: Pick<ControlPlane, 'pool' | 'stops'>,
  caller: Caller,
  id: string,
  reason: string,
): Promise<ShadowRow> {
  const found = await findShadow(plane.pool, caller.tenant, id)
  // For an agent there are none.
  if (!found || caller.principal.kind !== 'person') throw new ExequaturError('EXQ-5060', id)
  const person = personOf(caller)
  const approvers = caller.authority.contractOf(found.tool)?.contract.approvers ?? []
  if (!approvers.some((group) => person.groups.includes(group)) && !isKeeper(plane.stops, person))
    throw new ExequaturError('EXQ-5061', `${person.id} is in none of: ${approvers.join(', ')}`)
  await record(plane.pool, caller.tenant, id, { by: person.id, reason })
  return (await findShadow(plane.pool, caller.tenant, id)) as ShadowRow
}
