import type { ActionRef } from '../domain/activities.js'
import type { ActionRequest } from '../domain/request.js'
import type { ActionRecord } from '../ledger/action-record.js'
import { loadAction } from '../ledger/queries/load-action.js'
import { openActions } from '../ledger/queries/open-actions.js'
import { tenantsWithOpenActions } from '../ledger/queries/tenants-with-actions.js'
import { unstartedActions } from '../ledger/queries/unstarted-actions.js'
import type { ControlPlane } from './control-plane.js'

type ResumeDeps = Pick<ControlPlane, 'pool' | 'workflows'>

// Longer than any start takes that is still under way.
const overdueMs = 5_000

/** Starts the workflows of admitted actions whose start was lost; resolves to how many. */
export async function resumeStarts(deps: ResumeDeps): Promise<number> {
  let resumed = 0
  for (const tenant of await tenantsWithOpenActions(deps.pool)) {
    const records = await unstartedActions(deps.pool, tenant, overdueMs)
    for (const record of records) await start(deps, record)
    resumed += records.length
  }
  return resumed
}

/** A place in the list of open actions, by tenant and id. */
export type Place = Pick<ActionRecord, 'tenant' | 'id'>
export const firstPlace: Place = { tenant: '', id: '' }

/**
 * Takes up open actions whose workflow has closed, in whatever way, or cannot go on, a page at a time: resolves to where
 * the next page begins. A workflow that gets on is left alone.
 */
export async function resumeOpen(deps: ResumeDeps, after: Place, pageSize = 50): Promise<Place> {
  const tenants = (await tenantsWithOpenActions(deps.pool)).filter((tenant) => tenant >= after.tenant).sort()
  let left = pageSize
  for (const tenant of tenants) {
    const from = tenant === after.tenant ? after.id : ''
    const records = await openActions(deps.pool, tenant, from, overdueMs, left)
    for (const record of records) {
      await freeOfStuck(deps, record)
      await start(deps, record)
    }
    left -= records.length
    const last = records.at(-1)
    if (left === 0 && last) return last
  }
  return firstPlace
}

/** Takes up one action, if it is open. */
export async function resume(deps: ResumeDeps, ref: ActionRef): Promise<void> {
  const record = await loadAction(deps.pool, ref)
  if (record?.outcome === null) await start(deps, record)
}

async function freeOfStuck({ workflows }: ResumeDeps, { tenant, id }: Place): Promise<void> {
  const ref = { tenant, action_id: id }
  const stuck = await workflows.isStuck(ref).catch(() => false)
  if (stuck) await workflows.giveUp(ref, 'its workflow tasks fail: goes on in a new run').catch(() => undefined)
}

async function start(deps: ResumeDeps, record: ActionRecord): Promise<void> {
  const { tenant, id, request, request_digest, contracts, tools, risk } = record
  const admitted = { action_id: id, request: JSON.parse(request) as ActionRequest, request_digest, contracts }
  const about = { tools, risk }
  // What cannot be started now is met again in the next round; it holds nobody else up.
  try {
    if ((await deps.workflows.start(admitted, about)) !== null) return
    // It has completed. Ours close the action first: one that is open still was completed by somebody else.
    const closed = (await loadAction(deps.pool, { tenant, action_id: id }))?.outcome !== null
    if (!closed) await deps.workflows.start(admitted, about, 'again')
  } catch {}
}
