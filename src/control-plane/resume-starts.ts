import type { ActionRef } from '../domain/activities.js'
import type { PageReport, WorkflowStanding } from '../domain/reconciler.js'
import type { ActionRequest } from '../domain/request.js'
import type { ActionRecord } from '../ledger/action-record.js'
import { loadAction } from '../ledger/queries/load-action.js'
import { noteClosedRun } from '../ledger/queries/note-closed-run.js'
import { openActions } from '../ledger/queries/open-actions.js'
import { recordResumption } from '../ledger/queries/record-resumption.js'
import { tenantsWithOpenActions } from '../ledger/queries/tenants-with-actions.js'
import { unstartedActions } from '../ledger/queries/unstarted-actions.js'
import type { ControlPlane } from './control-plane.js'

export type ResumeDeps = Pick<ControlPlane, 'pool' | 'workflows' | 'warn'>

// Longer than any start takes that is still under way.
const overdueMs = 5_000
const atOnce = 8

/** Starts the workflows of admitted actions whose start was lost; resolves to how many. */
export async function resumeStarts(deps: ResumeDeps): Promise<number> {
  let resumed = 0
  for (const tenant of await tenantsWithOpenActions(deps.pool)) {
    const records = await unstartedActions(deps.pool, tenant, overdueMs)
    const failures: unknown[] = []
    for (const record of records) if ((await tryToTakeUp(deps, record, failures)) !== null) resumed += 1
    tell(deps, tenant, failures)
  }
  return resumed
}

/**
 * Takes up open actions of a tenant whose workflow is gone, has closed, in whatever way, or cannot go on: those after the
 * given one, a page of them. A workflow that gets on is left alone.
 */
export async function resumePage(
  deps: ResumeDeps,
  { tenant, after }: { readonly tenant: string; readonly after: string },
  pageSize = 50,
): Promise<PageReport> {
  const records = await openActions(deps.pool, tenant, after, overdueMs, pageSize)
  let resumed = 0
  let started = 0
  const left = records.values()
  const failures: unknown[] = []
  const worker = async () => {
    for (const record of left) {
      const found = await tryToTakeUp(deps, record, failures)
      if (found === 'never-started') started += 1
      else if (found !== null) resumed += 1
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  tell(deps, tenant, failures)
  const next = records.length < pageSize ? null : (records.at(-1)?.id ?? null)
  return { next, looked: records.length, resumed, started, failed: failures.length }
}

/** Takes up one action, if it is open and its workflow does not get on. */
export async function resume(deps: ResumeDeps, ref: ActionRef): Promise<void> {
  const record = await loadAction(deps.pool, ref)
  if (record?.outcome !== null) return
  const failures: unknown[] = []
  await tryToTakeUp(deps, record, failures)
  tell(deps, ref.tenant, failures)
}

/** The same; what cannot be started now is met again in the next round, holds nobody else up, and is counted. */
function tryToTakeUp(deps: ResumeDeps, record: ActionRecord, failures: unknown[]): Promise<Found | null> {
  return takeUp(deps, record).catch((error: unknown) => {
    failures.push(error)
    return null
  })
}

function tell(deps: ResumeDeps, tenant: string, failures: readonly unknown[]): void {
  const [first] = failures
  if (failures.length === 0) return
  const problem = first instanceof Error ? first.message : String(first)
  deps.warn?.(
    { tenant, failed: failures.length, problem },
    'open actions could not be begun anew, and will be tried again',
  )
}

type Found = Exclude<WorkflowStanding, 'running'> | 'never-started'

/** How the workflow of an open action was found, where it was begun anew; null where nothing was to be done. */
async function takeUp(deps: ResumeDeps, record: ActionRecord): Promise<Found | null> {
  const ref = { tenant: record.tenant, action_id: record.id }
  const { standing, runId: before } = await deps.workflows.standing(ref)
  if (standing === 'running') return null
  if (standing === 'stuck') await deps.workflows.giveUp(ref, 'its workflow tasks fail: goes on in a new run')
  // Before another run hides it.
  if (before) await noteClosedRun(deps.pool, ref, before)
  const runId = await start(deps, record)
  if (runId === null) return null
  const found = standing === 'absent' && record.stage === 'request' ? 'never-started' : standing
  await recordResumption(deps.pool, ref, runId, found)
  return found
}

async function start(deps: ResumeDeps, record: ActionRecord): Promise<string | null> {
  const { tenant, id, request, request_digest, contracts, tools, risk } = record
  const admitted = { action_id: id, request: JSON.parse(request) as ActionRequest, request_digest, contracts }
  const about = { tools, risk }
  const runId = await deps.workflows.start(admitted, about)
  if (runId !== null) return runId
  // It has completed. Ours close the action first: one that is open still was completed by somebody else.
  const closed = (await loadAction(deps.pool, { tenant, action_id: id }))?.outcome !== null
  return closed ? null : deps.workflows.start(admitted, about, 'again')
}
