import { setTimeout as sleep } from 'node:timers/promises'
import type { Topic } from '../domain/change.js'
import { isObject } from '../domain/json.js'
import type { Connection } from './connection.js'

/** `told`: the server tells of changes; `looking`: it does not, and whoever watches has to look every few seconds. */
export type Watching = 'told' | 'looking'

export interface WatchSettings {
  readonly topics: readonly Topic[]
  readonly signal: AbortSignal
  /** It is time to look. Errors are its own. */
  readonly look: (how: Watching) => Promise<void>
}

const lookEveryMs = 2_000
// The server shows every 5 s that it is there.
const silentForMs = 20_000

/** Says when to look again, until the signal; never rejects. Servers that tell nothing, or not this caller, are looked at. */
export async function watchChanges(connection: Connection, { topics, signal, look }: WatchSettings): Promise<void> {
  let tells = true
  while (!signal.aborted) {
    if (tells) tells = await listen(connection, topics, signal, () => look('told'))
    if (signal.aborted) return
    await look('looking')
    await sleep(lookEveryMs, undefined, { signal }).catch(() => undefined)
  }
}

/** Resolves when the server has ended it, or cannot be reached; to false where it would refuse again. */
async function listen(
  { api, token }: Connection,
  topics: readonly Topic[],
  signal: AbortSignal,
  look: () => Promise<void>,
): Promise<boolean> {
  const ending = new AbortController()
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined
  // Node 20 may forget the signal of a fetch whose answer is being read: the reading is ended as well.
  const end = () => {
    ending.abort()
    reader?.cancel().catch(() => undefined)
  }
  signal.addEventListener('abort', end, { once: true })
  let alive = setTimeout(end, silentForMs)
  try {
    const response = await fetch(new URL('v1/events', api), {
      redirect: 'error',
      headers: { accept: 'text/event-stream', authorization: `Bearer ${token}`, 'x-exequatur-surface': 'cli' },
      signal: ending.signal,
    })
    if (!response.ok || !response.body) return response.status === 429 || response.status >= 500
    reader = response.body.getReader()
    const decoder = new TextDecoder()
    let text = ''
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return true
      clearTimeout(alive)
      alive = setTimeout(end, silentForMs)
      const events = (text + decoder.decode(value, { stream: true })).split('\n\n')
      text = events.pop() ?? ''
      if (events.some((event) => topicsOf(event).some((topic) => topics.some((each) => each === topic)))) await look()
    }
  } catch {
    return true
  } finally {
    clearTimeout(alive)
    signal.removeEventListener('abort', end)
  }
}

function topicsOf(event: string): unknown[] {
  const lines = event.split('\n')
  const data = lines.find((line) => line.startsWith('data: '))
  if (!lines.includes('event: change') || data === undefined) return []
  try {
    const value: unknown = JSON.parse(data.slice('data: '.length))
    return isObject(value) && Array.isArray(value.topics) ? value.topics : []
  } catch {
    return []
  }
}
