/** What came of one HTTP call; `status` is null where no answer came. */
export interface Said {
  readonly status: number | null
  readonly body: Record<string, unknown>
}

/** Our public API with one bearer token. A lost answer is an answer like others: clients live with it. */
export function apiOf(url: string, token: string) {
  return async (method: 'GET' | 'POST', path: string, body?: unknown): Promise<Said> => {
    try {
      const answer = await fetch(`${url}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(15_000),
      })
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
    } catch {
      return { status: null, body: {} }
    }
  }
}

export type Api = ReturnType<typeof apiOf>
