import { existsSync } from 'node:fs'
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js'
import { Worker, type WorkflowBundleOption } from '@temporalio/worker'
import { ExequaturError } from '../domain/errors.js'
import { isObject } from '../domain/json.js'
import { bundlePath, dataConverter } from './data-converter.js'
import { tracingSinks } from './tracing.js'

/**
 * Replays a history, as JSON in the form of `temporal workflow show -o json`, against the workflow bundle of this build.
 * Throws `EXQ-6002` if the bundle would have decided otherwise, or if it is not a history.
 */
export async function replayHistory(
  history: unknown,
  workflowId: string,
  workflowBundle: WorkflowBundleOption = { codePath: bundlePath },
): Promise<void> {
  if (!existsSync(bundlePath)) {
    throw new ExequaturError('EXQ-7001', `the workflow bundle ${bundlePath} is missing: run \`npm run build\``)
  }
  try {
    const recorded = historyFromJSON(checked(history))
    await Worker.runReplayHistory({ workflowBundle, dataConverter, sinks: tracingSinks }, recorded, workflowId)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new ExequaturError('EXQ-6002', `${workflowId}: ${reason}`, [], { cause: error })
  }
}

function checked(history: unknown): unknown {
  const events = isObject(history) && Array.isArray(history.events) ? history.events : []
  if (events.length === 0 || !events.every(isObject)) throw new TypeError('it has no events')
  return history
}
