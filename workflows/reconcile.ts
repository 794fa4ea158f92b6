import { ActivityFailure, continueAsNew, proxyActivities, scheduleActivity, workflowInfo } from '@temporalio/workflow'
import { poolQueue } from '../src/domain/ids.js'
import type {
  EffectsRef,
  EffectsReport,
  ListingTool,
  ReconcilePlace,
  ReconcilerActivities,
} from '../src/domain/reconciler.js'
import { ledgerAllowanceMs } from './activity-proxies.js'

const server = proxyActivities<ReconcilerActivities>({
  startToCloseTimeout: '1m',
  retry: { initialInterval: '500ms', maximumAttempts: 3 },
})

// Each page is a few events of the history.
const pagesPerRun = 200

/**
 * Compares the open actions of every tenant with the workflows that run, a page at a time. A tenant that cannot be
 * looked after now holds up no other: it is met again by the next run of the schedule.
 */
export async function reconcile(from?: ReconcilePlace): Promise<void> {
  const run = workflowInfo().firstExecutionRunId
  const begun = from?.tenant ?? ''
  let pages = 0
  for (const tenant of (await server.reconcileTenants()).filter((each) => each >= begun)) {
    let after: string | null = tenant === begun ? (from?.after ?? '') : ''
    while (after !== null) {
      if (pages === pagesPerRun) await continueAsNew<typeof reconcile>({ tenant, after })
      pages += 1
      after = await server.reconcilePage({ run, tenant, after }).then(({ next }) => next, giveUp(null))
    }
  }
}

/** Has every tool that lists its effects compare them with the ledger, in the executors that hold them. */
export async function reconcileEffects(): Promise<readonly (EffectsReport | null)[]> {
  const tools = await server.listingTools()
  const reports = await Promise.all(tools.map((tool) => look(tool).catch(giveUp(null))))
  for (const tenant of new Set(tools.map((tool) => tool.tenant)))
    await server.attendToShadows({ tenant }).catch(giveUp(0))
  return reports
}

function look({ tenant, tool, pool, call_timeout_ms }: ListingTool): Promise<EffectsReport> {
  const ref: EffectsRef = { tenant, tool }
  return scheduleActivity<EffectsReport>(`${tool}/effects`, [ref], {
    activityId: `${tenant}/${tool}`,
    taskQueue: poolQueue(pool),
    // Without an executor there is nobody to wait for: the next run asks again.
    scheduleToStartTimeout: '10s',
    startToCloseTimeout: call_timeout_ms + ledgerAllowanceMs,
    heartbeatTimeout: '5s',
    retry: { maximumAttempts: 1 },
    summary: `look for effects of ${tool} in ${tenant}`,
  })
}

function giveUp<T>(otherwise: T): (error: unknown) => T {
  return (error) => {
    if (error instanceof ActivityFailure) return otherwise
    throw error
  }
}
