import { Client, ScheduleAlreadyRunning, type ScheduleDescription, ScheduleNotFoundError } from '@temporalio/client'
import type { NativeConnection } from '@temporalio/worker'
import { decisionQueue } from '../domain/ids.js'
import { dataConverter } from './data-converter.js'

/** How often each comparison is made, in milliseconds. */
export interface ReconcilerTimes {
  readonly every: number
  readonly effects: number
}

/**
 * Sees to it that the schedules of the reconciler are there and as they should be; whoever deleted, paused or changed
 * them. Resolves to those that had to be put right, and whether anything was there.
 */
export function createScheduleKeeper(
  connection: NativeConnection,
  namespace: string,
  times: ReconcilerTimes,
): () => Promise<readonly { readonly schedule: string; readonly was: 'absent' | 'changed' }[]> {
  const { schedule } = new Client({ connection, namespace, dataConverter })
  const wanted = [
    { id: 'exequatur-reconcile', type: 'reconcile', every: times.every },
    { id: 'exequatur-reconcile-effects', type: 'reconcileEffects', every: times.effects },
  ]
  const keep = async ({ id, type, every }: (typeof wanted)[number]) => {
    const spec = { intervals: [{ every }] }
    const action = { type: 'startWorkflow', workflowType: type, taskQueue: decisionQueue, args: [] } as const
    const policies = { overlap: 'SKIP', catchupWindow: '10s' } as const
    const handle = schedule.getHandle(id)
    try {
      if (isAsWanted(await handle.describe(), type, every)) return null
      await handle.update(() => ({ spec, action, policies, state: { paused: false } }))
      return { schedule: id, was: 'changed' } as const
    } catch (error) {
      if (!(error instanceof ScheduleNotFoundError)) throw error
    }
    try {
      await schedule.create({ scheduleId: id, spec, action, policies })
    } catch (error) {
      // Another server was quicker.
      if (error instanceof ScheduleAlreadyRunning) return null
      throw error
    }
    return { schedule: id, was: 'absent' } as const
  }
  return async () => (await Promise.all(wanted.map(keep))).filter((each) => each !== null)
}

function isAsWanted({ spec, action, policies, state }: ScheduleDescription, type: string, every: number): boolean {
  const { intervals = [], calendars = [], skip = [], startAt, endAt } = spec
  return (
    intervals.length === 1 &&
    intervals[0]?.every === every &&
    calendars.length === 0 &&
    skip.length === 0 &&
    !startAt &&
    !endAt &&
    action.type === 'startWorkflow' &&
    action.workflowType === type &&
    action.taskQueue === decisionQueue &&
    (action.args ?? []).length === 0 &&
    policies.overlap === 'SKIP' &&
    !state.paused &&
    state.remainingActions === undefined
  )
}
