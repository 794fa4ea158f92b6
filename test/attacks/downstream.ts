import type { Tool } from '../../src/contract/tool.js'
import type { Effect } from '../../src/domain/lifecycle.js'
import { sampleTools } from '../_util/contracts.js'

/** A change of the world, as the changed system itself wrote it down. */
export interface Booked {
  readonly action: string
  readonly tool: string
  readonly kind: 'done' | 'undone'
  readonly by: string
  readonly args: unknown
}

type Applies = 'answers' | 'loses the call' | 'loses the answer'

/** The systems behind the sample tools. They keep books of their own, and take every call for a new one: no key saves anybody. */
export class Downstream {
  readonly books: Booked[] = []
  /** What the next calls meet, in order; then they are answered. */
  readonly faults: Applies[] = []
  /** Runs as a call comes in. */
  onCall: (() => Promise<unknown>) | undefined

  of(action: string, kind: Booked['kind'] = 'done'): number {
    return this.books.filter((booked) => booked.action === action && booked.kind === kind).length
  }

  /** The sample tools acting on this system, by contract digest; `by` tells whose code it was. */
  tools(by = 'ours', tools: readonly Tool[] = Object.values(sampleTools)): Map<string, Tool> {
    return new Map(tools.map((tool) => [tool.digest, this.#connected(tool, by)]))
  }

  #connected(tool: Tool, by: string): Tool {
    const { name } = tool.contract
    const book = async (kind: Booked['kind'], action: string, args: unknown) => {
      if (tool.contract.effect === 'none') return
      await this.onCall?.()
      const fault = this.faults.shift() ?? 'answers'
      if (fault !== 'loses the call') this.books.push({ action, tool: name, kind, by, args })
      if (fault !== 'answers') throw new Error('the connection was lost')
    }
    return {
      ...tool,
      credentials: {},
      execute: async (args, call) => {
        await book('done', call.actionId, args)
        return tool.execute(args, call)
      },
      verify:
        tool.verify &&
        (async (_args, _output, call): Promise<Effect> => (this.of(call.actionId) > 0 ? 'committed' : 'not-committed')),
      compensate: tool.compensate && (async (args, _output, call) => book('undone', call.actionId, args)),
    }
  }
}
