import { ExequaturError } from '../domain/errors.js'
import type { ActionRecord } from '../ledger/action-record.js'
import { loadAction } from '../ledger/queries/load-action.js'
import { type ActionView, viewAction } from './action-view.js'
import type { Caller, ControlPlane } from './control-plane.js'

/** An action the caller may see: people all of their tenant, agents their own. Throws `EXQ-6001`. */
export async function findAction(
  plane: Pick<ControlPlane, 'pool'>,
  caller: Caller,
  action_id: string,
): Promise<ActionRecord> {
  const record = await loadAction(plane.pool, { tenant: caller.tenant, action_id })
  const visible = caller.principal.kind === 'person' || record?.agent === caller.principal.principal
  if (!record || !visible) throw new ExequaturError('EXQ-6001', `${action_id} is not an action you can see`)
  return record
}

/** The action as it stands; with `waitMs`, as it stands when it has ended or the time is over. */
export async function getAction(
  plane: ControlPlane,
  caller: Caller,
  action_id: string,
  waitMs = 0,
): Promise<ActionView> {
  const expected = waitMs > 0 ? plane.expectEnding({ tenant: caller.tenant, action_id }, waitMs) : null
  try {
    const record = await findAction(plane, caller, action_id)
    if (record.outcome || !expected) return present(plane, record)
    await expected.over
    return present(plane, await findAction(plane, caller, action_id))
  } finally {
    expected?.giveUp()
  }
}

/** The view under the authority of the moment the record was read: a caller may have come in under an earlier one. */
async function present(plane: ControlPlane, record: ActionRecord): Promise<ActionView> {
  return viewAction(plane, record, await plane.authorities.at(record.tenant, record.authority_revision))
}
