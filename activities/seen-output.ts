import { cutOutput } from '../src/domain/cut.js'
import type { JsonObject } from '../src/domain/json.js'
import type { ActionRequest } from '../src/domain/request.js'
import type { Cut } from '../src/domain/view.js'
import type { Call, ExecutorDeps } from './call.js'

/**
 * What may be recorded of an output: all of it, or where the contract has views what the agent's groups see. They are
 * asked for after the call, so that who left a group meanwhile sees nothing of it.
 */
export async function seenOutput(
  deps: Pick<ExecutorDeps, 'authorities'>,
  { contract }: Pick<Call, 'contract'>,
  request: ActionRequest,
  output: JsonObject,
): Promise<{ readonly output: JsonObject; readonly cut: Cut | null }> {
  const { views } = contract.contract
  if (!views) return { output, cut: null }
  const authority = await deps.authorities.current(request.tenant)
  return cutOutput(output, views, {
    agent: request.agent,
    on_behalf_of: request.on_behalf_of ?? null,
    groups: authority?.groupsOf(request.agent) ?? [],
  })
}
