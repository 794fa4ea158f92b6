import type { ActionRequest } from '../domain/request.js'
import { unstartedActions } from '../ledger/queries/unstarted-actions.js'
import type { ControlPlane } from './control-plane.js'

// Longer than any start takes that is still under way.
const overdueMs = 5_000

/** Starts the workflows of admitted actions whose start was lost; resolves to how many. */
export async function resumeStarts(plane: Pick<ControlPlane, 'pool' | 'workflows'>): Promise<number> {
  const records = await unstartedActions(plane.pool, overdueMs)
  for (const { id, request, request_digest, contracts, tools, risk } of records) {
    await plane.workflows.start(
      { action_id: id, request: JSON.parse(request) as ActionRequest, request_digest, contracts },
      { tools, risk },
    )
  }
  return records.length
}
