import type { Admitted } from '../../evidence/admitted.js'
import type { AttentionRow, EnvelopeRow } from '../../ledger/action-record.js'
import { loadAction } from '../../ledger/queries/load-action.js'
import { admittedFor } from '../admitted-for.js'
import type { ControlPlane } from '../control-plane.js'

/** What a notice is about, as things stand now. */
export interface Noticed {
  readonly admitted: Admitted
  readonly approval: EnvelopeRow | undefined
  readonly attention: AttentionRow | undefined
}

/** Null where nobody is known in the tenant yet. */
export async function loadNoticed(
  plane: ControlPlane,
  { tenant, action_id, about }: { readonly tenant: string; readonly action_id: string; readonly about: string },
): Promise<Noticed | null> {
  const authority = await plane.authorities.current(tenant)
  const record = await loadAction(plane.pool, { tenant, action_id })
  if (!authority || !record) return null
  return {
    admitted: admittedFor(plane, { authority }, record),
    approval: record.envelopes.find(({ id }) => id === about),
    attention: record.attentions.find(({ id }) => id === about),
  }
}
