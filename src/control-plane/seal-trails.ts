import { crashPoint } from '../crash-point.js'
import { canonical, digestBytes } from '../digest.js'
import { sealTrail } from '../ledger/queries/seal-trail.js'
import { tenantsWithUnsealedActions } from '../ledger/queries/tenants-with-actions.js'
import { unsealedActions } from '../ledger/queries/unsealed-actions.js'
import type { ControlPlane } from './control-plane.js'

/** Exports the histories of ended actions into the tenants' chains; resolves to how many were sealed. */
export async function sealTrails(plane: Pick<ControlPlane, 'pool' | 'workflows'>): Promise<number> {
  let sealed = 0
  for (const tenant of await tenantsWithUnsealedActions(plane.pool)) {
    for (const { id, run_id } of await unsealedActions(plane.pool, tenant)) {
      // A history that cannot be had now holds nobody else up.
      const history = await plane.workflows.history({ tenant, action_id: id }, run_id).catch(() => null)
      if (!isClosed(history)) continue
      const text = canonical(history)
      const exported = { tenant, action_id: id, run_id, history: text, history_digest: digestBytes(text) }
      crashPoint('trail.exported')
      if (await sealTrail(plane.pool, exported)) sealed += 1
      crashPoint('trail.sealed')
    }
  }
  return sealed
}

/** The ledger knows of the ending a moment before the history is complete. */
function isClosed(history: unknown): boolean {
  const { events } = (history ?? {}) as { events?: readonly { eventType?: string }[] }
  return /^EVENT_TYPE_WORKFLOW_EXECUTION_(COMPLETED|FAILED|TIMED_OUT|TERMINATED|CANCELED|CONTINUED_AS_NEW)$/.test(
    events?.at(-1)?.eventType ?? '',
  )
}
