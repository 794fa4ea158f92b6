import { ExequaturError } from '../../domain/errors.js'
import { type DeliveryRow, findDelivery, listDeliveries as query } from '../../ledger/queries/list-deliveries.js'
import { retryDelivery as retry } from '../../ledger/queries/retry-delivery.js'
import type { Caller, ControlPlane } from '../control-plane.js'
import { cursorAfter, type Page, parseCursor } from '../cursor.js'
import { requirePerson } from '../require-person.js'

export type DeliveryView = DeliveryRow

/** What did not reach people yet, oldest first, for people. Throws `EXQ-2002` for an agent. */
export async function listDeliveries(
  plane: Pick<ControlPlane, 'pool'>,
  caller: Caller,
  { cursor, limit }: { readonly cursor?: string | undefined; readonly limit: number },
): Promise<Page<DeliveryView>> {
  requirePerson(caller, 'look after deliveries')
  const position = parseCursor(cursor)
  const after = position ? { queued_at: position.admitted_at, id: position.id } : null
  const rows = await query(plane.pool, caller.tenant, { after, limit: limit + 1 })
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  const next = rows.length > limit && last ? cursorAfter({ admitted_at: last.queued_at, id: last.id }) : null
  return { items, next }
}

/**
 * Has one tried at once, given up or not, and resolves to it. Throws `EXQ-2002` for an agent, `EXQ-5040`, and `EXQ-5041`
 * where it was delivered or is moot.
 */
export async function retryDelivery(
  plane: Pick<ControlPlane, 'pool'>,
  caller: Caller,
  id: string,
): Promise<DeliveryView> {
  requirePerson(caller, 'look after deliveries')
  const retried = await retry(plane.pool, caller.tenant, id)
  const found = await findDelivery(plane.pool, caller.tenant, id)
  if (!found) throw new ExequaturError('EXQ-5040', `${id} is no delivery of your tenant`)
  if (!retried) throw new ExequaturError('EXQ-5041', `it is ${found.state}`)
  return found
}
