import { ActivityFailure, proxyLocalActivities, scheduleActivity } from '@temporalio/workflow'
import type { DecisionActivities, StepRef } from '../src/domain/activities.js'
import { poolQueue } from '../src/domain/ids.js'

/**
 * Decisions: local, one marker each, not completable by a third party. They wait for the ledger as long as it takes; the
 * longer waits are timers of the server, so that an outage of days does not fill the history.
 */
export const decisions = proxyLocalActivities<DecisionActivities>({
  startToCloseTimeout: '10s',
  retry: { initialInterval: '100ms', backoffCoefficient: 2, maximumInterval: '1m' },
  localRetryThreshold: '5s',
})

/** An effect, or a look at one, in the executor pool that holds the tool. */
export interface EffectCall {
  /** Activity type: the tool, `<tool>/verify` or `<tool>/compensate`. */
  readonly type: string
  /** Stable over resets, so that the history reads the same. */
  readonly activityId: string
  readonly pool: string
  readonly callTimeoutMs: number
  readonly summary: string
  readonly ref: StepRef
}

/** Beside the call itself, an executor reads and writes the ledger. */
export const ledgerAllowanceMs = 20_000

/**
 * Runs in the executor until the ledger has an answer. What comes back, a failure too, can be anybody's: it is for
 * readers, and the ledger is asked what happened.
 */
export async function runEffect(call: EffectCall): Promise<void> {
  const run = scheduleActivity(call.type, [call.ref], {
    activityId: call.activityId,
    taskQueue: poolQueue(call.pool),
    startToCloseTimeout: call.callTimeoutMs + ledgerAllowanceMs,
    heartbeatTimeout: '5s',
    retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '10s' },
    summary: call.summary,
  })
  await run.catch((error) => {
    if (!(error instanceof ActivityFailure)) throw error
  })
}
