/** An action as far as a verification looks at it. */
export interface SeenAction {
  readonly id: string
  readonly outcome: string | null
  readonly stage: string
  readonly explanation: string | null
  readonly decision: { readonly result: string; readonly explanation: string } | null
  readonly approval: { readonly id: string; readonly envelope_digest: string } | null
  readonly steps: readonly { readonly id: string; readonly output: unknown }[]
  readonly workflow: { readonly id: string; readonly run_id: string | null }
}

export interface Answer<Body> {
  readonly status: number
  readonly body: Body
}

/** The HTTP API, as somebody with one token uses it. A server that does not answer is a status 0. */
export interface Client {
  readonly get: <Body = SeenAction>(path: string, waitSeconds?: number) => Promise<Answer<Body>>
  readonly post: <Body = SeenAction>(path: string, body: unknown, waitSeconds?: number) => Promise<Answer<Body>>
}

const patienceMs = 10_000

export function createClient(api: string, token: string): Client {
  const call = async <Body>(method: string, path: string, body: unknown, waitSeconds = 0): Promise<Answer<Body>> => {
    try {
      const answer = await fetch(`${api}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...(waitSeconds > 0 && { prefer: `wait=${waitSeconds}` }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(patienceMs + waitSeconds * 1_000),
      })
      return { status: answer.status, body: (await answer.json()) as Body }
    } catch {
      return { status: 0, body: {} as Body }
    }
  }
  return {
    get: (path, waitSeconds) => call('GET', path, undefined, waitSeconds),
    post: (path, body, waitSeconds) => call('POST', path, body, waitSeconds),
  }
}
