import { publishContracts } from '../../src/control-plane/publish-contracts.js'
import { type Watched, watchedTools, watchedWorld } from '../_util/watched-tools.js'
import { approvalOf, type ExecutorChanges, type Room, requestId } from './room.js'

/** Active segments are asked about; others run by themselves. */
const asksWhileActive = `@require("finance:1")
forbid (principal is Agent, action == Action::"mail_segment", resource)
when { context has observed && context.observed.status == "active" }
unless { context.approvals.finance >= 1 };`

export interface Watch {
  readonly world: Watched
  readonly ask: () => Promise<string>
  /** Makes the look of that number, 0 before the policy. */
  readonly look: (action_id: string, nth: number) => ReturnType<Room['effect']>
  readonly run: (action_id: string, round?: number, changes?: ExecutorChanges) => ReturnType<Room['effect']>
  readonly verify: (action_id: string) => ReturnType<Room['effect']>
  /** Asked for, looked at, approved by bob: all but executed. */
  readonly approved: () => Promise<string>
  /** Runs before the intent of a step: a further look, in which more has changed. */
  readonly lookMore: (action_id: string, output: object) => Promise<unknown>
}

/** Tools in a room whose contracts want what they rest on looked at again. */
export async function openWatch(room: Room): Promise<Watch> {
  const world = watchedWorld()
  const watched = Object.values(watchedTools(world))
  const tools = room.downstream.tools('ours', watched)
  await publishContracts(room.http.database.executorPool, ['acme'], watched)
  await room.forbid(asksWhileActive)
  const ask = () => {
    const request_id = requestId()
    const context = { request_id, reason: `for ${request_id}` }
    return room.ask({ tool: 'mail_segment', args: { segment: 'trial' }, context })
  }
  const look: Watch['look'] = (action_id, nth) =>
    room.effect('find_segment', { action_id, phase: 'observe', round: nth + 1 }, { tools })
  return {
    world,
    ask,
    look,
    run: (action_id, round = 1, changes = {}) =>
      room.effect('mail_segment', { action_id, round }, { tools, ...changes }),
    verify: (action_id) => room.effect('mail_segment/verify', { action_id }, { tools }),
    approved: async () => {
      const id = await ask()
      await look(id, 0)
      await room.vote('bob', approvalOf(await room.decide(id)))
      const closed = await room.decide(id)
      if (typeof closed === 'string' || closed.state !== 'approved') throw new Error('it is not approved')
      return id
    },
    lookMore: (action_id, output) =>
      room.intruders.executor(
        `insert into observations (tenant, action_id, step, look, tool, output, output_digest)
         select tenant, action_id, step, look + 1, tool, output || $2::jsonb, 'sha256:x' from observations
         where action_id = $1 order by look desc limit 1`,
        [action_id, JSON.stringify(output)],
      ),
  }
}
