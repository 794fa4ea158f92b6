import { ExequaturError } from '../../domain/errors.js'
import type { Admitted } from '../../evidence/admitted.js'
import type { AttentionRow } from '../../ledger/action-record.js'
import { findAttention as find } from '../../ledger/queries/find-attention.js'
import { loadAction } from '../../ledger/queries/load-action.js'
import { admittedFor } from '../admitted-for.js'
import type { Caller, ControlPlane } from '../control-plane.js'
import { requirePerson } from '../require-person.js'
import { type AttentionView, viewAttention } from './attention-view.js'

/** What needs attention, of the caller's tenant. Throws `EXQ-5030`, for an agent `EXQ-2002`. */
export async function getAttention(plane: ControlPlane, caller: Caller, id: string): Promise<AttentionView> {
  const { admitted, row } = await findAttention(plane, caller, id)
  return viewAttention(plane, admitted, row, caller.principal.principal)
}

export async function findAttention(
  plane: ControlPlane,
  caller: Caller,
  id: string,
): Promise<{ readonly admitted: Admitted; readonly row: AttentionRow }> {
  requirePerson(caller, 'decide')
  const found = await find(plane.pool, caller.tenant, id)
  const record = found && (await loadAction(plane.pool, { tenant: caller.tenant, action_id: found.action_id }))
  const row = record?.attentions.find((each) => each.id === id)
  if (!record || !row) throw new ExequaturError('EXQ-5030', `${id} is nothing that needs attention in your tenant`)
  return { admitted: admittedFor(plane, caller, record), row }
}
