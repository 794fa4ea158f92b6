import { crashPoint } from '../crash-point.js'
import { canonical, digestBytes } from '../digest.js'
import { sealTrail } from '../ledger/queries/seal-trail.js'
import { tenantsWithUnsealedActions } from '../ledger/queries/tenants-with-actions.js'
import { type UnsealedRun, unsealedRuns } from '../ledger/queries/unsealed-runs.js'
import type { ControlPlane } from './control-plane.js'

type SealDeps = Pick<ControlPlane, 'pool' | 'workflows'>

/** Exports the histories of runs that have closed into the tenants' chains; resolves to how many were sealed. */
export async function sealTrails(plane: SealDeps, pageSize = 50): Promise<number> {
  let sealed = 0
  for (const tenant of await tenantsWithUnsealedActions(plane.pool)) {
    // A history that cannot be had, now or because it was deleted, holds nobody else up.
    let passed = 0
    for (let whole = true; whole; ) {
      const runs = await unsealedRuns(plane.pool, tenant, { passed, limit: pageSize })
      for (const run of runs) {
        if (await sealRun(plane, tenant, run)) sealed += 1
        else passed += 1
      }
      whole = runs.length === pageSize
    }
  }
  return sealed
}

async function sealRun(plane: SealDeps, tenant: string, { id, run_id }: UnsealedRun): Promise<boolean> {
  const history = await plane.workflows.history({ tenant, action_id: id }, run_id).catch(() => null)
  if (!isClosed(history)) return false
  const text = canonical(history)
  const exported = { tenant, action_id: id, run_id, history: text, history_digest: digestBytes(text) }
  crashPoint('trail.exported')
  const sealed = await sealTrail(plane.pool, exported)
  crashPoint('trail.sealed')
  return sealed
}

/** The ledger knows of the ending a moment before the history is complete. */
function isClosed(history: unknown): boolean {
  const { events } = (history ?? {}) as { events?: readonly { eventType?: string }[] }
  return /^EVENT_TYPE_WORKFLOW_EXECUTION_(COMPLETED|FAILED|TIMED_OUT|TERMINATED|CANCELED|CONTINUED_AS_NEW)$/.test(
    events?.at(-1)?.eventType ?? '',
  )
}
