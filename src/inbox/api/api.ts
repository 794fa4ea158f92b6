import { problemOf, unreached } from './problem.js'

/** The server, asked with the cookie of this browser. */
export interface Api {
  /** Throws a `Problem`. */
  readonly get: <Answer>(path: string, signal?: AbortSignal) => Promise<Answer>
  /** Throws a `Problem`. */
  readonly post: <Answer>(path: string, body: unknown) => Promise<Answer>
  /** Milliseconds by the server's clock, as far as its answers tell. */
  readonly now: () => number
}

// The clock in an answer is cut to whole seconds.
const notWorthCorrecting = 2_000
// Whoever is signed in: it is the same server.
let ahead = 0

/** `csrf` is what the server gave with who is signed in; null before. */
export function createApi(csrf: string | null): Api {
  const ask = async <Answer>(path: string, init: RequestInit): Promise<Answer> => {
    const answer = await fetch(path, { credentials: 'same-origin', redirect: 'error', ...init }).catch((error) => {
      throw init.signal?.aborted ? error : unreached()
    })
    const said = Date.parse(answer.headers.get('date') ?? '') - Date.now()
    if (!Number.isNaN(said)) ahead = Math.abs(said) > notWorthCorrecting ? said : 0
    const body = await answer.json().catch(() => null)
    if (!answer.ok) throw problemOf(answer.status, body)
    return body as Answer
  }
  return {
    get: (path, signal) => ask(path, signal ? { signal } : {}),
    post: (path, body) =>
      ask(path, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(csrf !== null && { 'x-exequatur-csrf': csrf }),
        },
        body: JSON.stringify(body),
      }),
    now: () => Date.now() + ahead,
  }
}

const enough = 500
const mostPages = 20

/**
 * The items of a listing, page after page; `more` where there are still others. A page may hold few or none: what waits
 * for others is left out of it.
 */
export async function listAll<Item>(api: Api, path: string, signal?: AbortSignal): Promise<Listing<Item>> {
  const items: Item[] = []
  let next: string | null = null
  for (let page = 0; page < mostPages; page += 1) {
    const mark = path.includes('?') ? '&' : '?'
    const cursor: string = next === null ? '' : `&cursor=${encodeURIComponent(next)}`
    const answer: { items: Item[]; next: string | null } = await api.get(`${path}${mark}limit=100${cursor}`, signal)
    items.push(...answer.items)
    next = answer.next
    if (next === null || items.length >= enough) break
  }
  return { items, more: next !== null }
}

export interface Listing<Item> {
  readonly items: readonly Item[]
  readonly more: boolean
}
