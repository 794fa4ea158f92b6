import { existsSync } from 'node:fs'
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js'
import { Worker, type WorkflowBundleOption } from '@temporalio/worker'
import { ExequaturError } from '../domain/errors.js'
import { isObject } from '../domain/json.js'
import { bundlePath, dataConverter } from './data-converter.js'
import { tracingSinks } from './tracing.js'

export interface RecordedHistory {
  readonly workflowId: string
  /** As JSON in the form of `temporal workflow show -o json`. */
  readonly history: unknown
}

/**
 * Replays a history against the workflow bundle of this build. Throws `EXQ-6002` if the bundle would have decided
 * otherwise, or if it is not a history.
 */
export async function replayHistory(
  history: unknown,
  workflowId: string,
  workflowBundle?: WorkflowBundleOption,
): Promise<void> {
  for await (const problem of replayHistories([{ workflowId, history }], workflowBundle)) if (problem) throw problem
}

/**
 * Replays one history after the other; yields for each, in order, null or why it does not replay. They share a worker:
 * of every worker the process keeps megabytes to its end.
 */
export async function* replayHistories(
  recorded: readonly RecordedHistory[],
  workflowBundle: WorkflowBundleOption = { codePath: bundlePath },
): AsyncGenerator<ExequaturError | null> {
  if (!existsSync(bundlePath)) {
    throw new ExequaturError('EXQ-7001', `the workflow bundle ${bundlePath} is missing: run \`npm run build\``)
  }
  const options = { workflowBundle, dataConverter, sinks: tracingSinks }
  let done = 0
  while (done < recorded.length) {
    let failure: unknown = new Error('the worker ended before the history did')
    try {
      for await (const { workflowId, error } of Worker.runReplayHistories(options, readable(recorded.slice(done)))) {
        done += 1
        yield error ? problemOf(workflowId, error) : null
      }
    } catch (error) {
      failure = error
    }
    // What no worker can take, or go on after.
    const [halted] = recorded.slice(done)
    if (halted) {
      done += 1
      yield problemOf(halted.workflowId, failure)
    }
  }
}

function* readable(recorded: readonly RecordedHistory[]) {
  for (const { workflowId, history } of recorded) yield { workflowId, history: historyFromJSON(checked(history)) }
}

function problemOf(workflowId: string, error: unknown): ExequaturError {
  const reason = error instanceof Error ? error.message : String(error)
  return new ExequaturError('EXQ-6002', `${workflowId}: ${reason}`, [], { cause: error })
}

function checked(history: unknown): unknown {
  const events = isObject(history) && Array.isArray(history.events) ? history.events : []
  if (events.length === 0 || !events.every(isObject)) throw new TypeError('it has no events')
  return history
}
