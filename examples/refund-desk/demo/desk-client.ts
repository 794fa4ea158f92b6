import { randomUUID } from 'node:crypto'
import type { DevFile } from 'exequatur/dev'

/** An action as the HTTP API gives it, as far as the demo looks at it. */
export interface Action {
  readonly id: string
  readonly outcome: string | null
  readonly stage: string
  readonly explanation: string | null
  readonly problem: { readonly code: string; readonly remedy: string } | null
  readonly decision: { readonly result: string; readonly explanation: string } | null
  readonly approval: { readonly id: string; readonly envelope_digest: string } | null
  /** What people are asked to decide about what happened. */
  readonly attention: readonly { readonly id: string; readonly reason: string }[]
  readonly steps: readonly {
    readonly id: string
    readonly status: string
    readonly effect: string | null
    readonly output: Record<string, unknown> | null
  }[]
  readonly workflow: { readonly id: string; readonly run_id: string | null; readonly ui: string | null }
}

export interface Answer<Body> {
  readonly status: number
  readonly body: Body
}

/** The HTTP API with one bearer token. */
export interface DeskClient {
  readonly post: <Body = Action>(path: string, body: unknown, waitSeconds?: number) => Promise<Answer<Body>>
  readonly get: <Body = Action>(path: string, waitSeconds?: number) => Promise<Answer<Body>>
  /** Asks for one tool and waits for the end, at most so long. */
  readonly ask: (
    tool: string,
    args: Record<string, unknown>,
    waitSeconds?: number,
    requestId?: string,
  ) => Promise<Answer<Action>>
  /** Waits until an action has ended. */
  readonly ended: (id: string, withinSeconds?: number) => Promise<Action>
}

export function connect(dev: Pick<DevFile, 'api'>, token: string): DeskClient {
  const call = async <Body>(method: string, path: string, body: unknown, waitSeconds = 0): Promise<Answer<Body>> => {
    const answer = await fetch(`${dev.api}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(waitSeconds > 0 && { prefer: `wait=${waitSeconds}` }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    return { status: answer.status, body: (await answer.json()) as Body }
  }
  const client: DeskClient = {
    post: (path, body, waitSeconds) => call('POST', path, body, waitSeconds),
    get: (path, waitSeconds) => call('GET', path, undefined, waitSeconds),
    ask: (tool, args, waitSeconds = 20, requestId = `demo-${randomUUID()}`) =>
      client.post('/v1/actions', { tool, args, context: { request_id: requestId, ticket_id: 'zd_1' } }, waitSeconds),
    ended: async (id, withinSeconds = 60) => {
      const deadline = performance.now() + withinSeconds * 1_000
      for (;;) {
        const { body } = await client.get<Action>(`/v1/actions/${id}`, 5)
        if (body.outcome) return body
        if (performance.now() > deadline)
          throw new Error(`${id} has not ended within ${withinSeconds} s; it is in stage ${body.stage}`)
      }
    },
  }
  return client
}
