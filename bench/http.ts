import { randomUUID } from 'node:crypto'
import type { ActionView } from '../src/control-plane/action-view.js'
import type { JsonObject } from '../src/domain/json.js'
import { waitSeconds } from './governed.js'
import type { Systems } from './systems.js'

/** Asks the server's own process for one tool call, as the agent, and waits for its end. */
export async function overHttp({ stack, tokens }: Systems, tool: string, args: JsonObject): Promise<ActionView> {
  const answer = await fetch(`${stack.api}/v1/actions`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${tokens.agents.bench}`,
      'content-type': 'application/json',
      prefer: `wait=${waitSeconds}`,
    },
    body: JSON.stringify({ tool, args, context: { request_id: randomUUID(), ticket_id: 'zd_1' } }),
  })
  if (!answer.ok) throw new Error(`the server answered ${answer.status}: ${await answer.text()}`)
  return (await answer.json()) as ActionView
}
