import { Context } from '@temporalio/activity'
import { ApplicationFailure } from '@temporalio/common'
import type { Tool } from '../src/contract/tool.js'
import { backoffMs } from '../src/domain/backoff.js'
import type { RegisteredContract } from '../src/domain/contract.js'
import type { ExecutorDeps } from './call.js'

/**
 * Thrown where nothing can be said yet: Temporal runs the activity again, and shows meanwhile why it waits. `afterMs`
 * is a pause of its own instead of one that grows. Those that grow are spread, so that calls that failed together do not
 * come back together.
 */
export function retryLater(message: string, afterMs?: number): ApplicationFailure {
  const nextRetryDelay = afterMs ?? backoffMs(Context.current().info.attempt, Math.random())
  return ApplicationFailure.create({ message, type: 'retry', category: 'BENIGN', nextRetryDelay })
}

/** The tool of exactly the pinned contract; without it the step waits, visibly. */
export function requireTool(deps: ExecutorDeps, { contract, digest }: RegisteredContract): Tool {
  const tool = deps.tools.get(digest)
  if (!tool) throw retryLater(`EXQ-5001 contract not loaded: ${contract.name} v${contract.version} (${digest})`)
  return tool
}
