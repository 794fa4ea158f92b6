import { ApplicationFailure } from '@temporalio/common'
import type { Tool } from '../src/contract/tool.js'
import type { RegisteredContract } from '../src/domain/contract.js'
import type { ExecutorDeps } from './call.js'

/**
 * Thrown where nothing can be said yet: Temporal runs the activity again, and shows meanwhile why it waits. `afterMs`
 * is a pause of its own instead of one that grows.
 */
export function retryLater(message: string, afterMs?: number): ApplicationFailure {
  const pause = afterMs === undefined ? {} : { nextRetryDelay: afterMs }
  return ApplicationFailure.create({ message, type: 'retry', category: 'BENIGN', ...pause })
}

/** The tool of exactly the pinned contract; without it the step waits, visibly. */
export function requireTool(deps: ExecutorDeps, { contract, digest }: RegisteredContract): Tool {
  const tool = deps.tools.get(digest)
  if (!tool) throw retryLater(`EXQ-5001 contract not loaded: ${contract.name} v${contract.version} (${digest})`)
  return tool
}
