import { PassThrough, type Readable } from 'node:stream'
import { type Change, type Topic, topics } from '../domain/change.js'

/** Changes on their way to one client, as server-sent events. */
export interface EventStream {
  readonly body: Readable
  readonly tell: (change: Pick<Change, 'topics'>) => void
  /** Shows the client, and whatever lies between, that it is still there; drops a client that reads nothing. */
  readonly beat: () => void
  readonly end: () => void
}

const reconnectMs = 2_000
const usualPaceMs = 250
/** Beats during which a client may read nothing. */
const patience = 2

/**
 * A stream that holds little for its client: what changes within `paceMs`, or while the client does not read, is one event.
 */
export function openEventStream(paceMs = usualPaceMs): EventStream {
  const body = new PassThrough()
  const waiting = new Set<Topic>()
  let pacing: NodeJS.Timeout | undefined
  let unread = 0

  function write(text: string): void {
    if (body.writable) body.write(text)
  }
  function flush(): void {
    pacing = undefined
    if (waiting.size === 0 || body.writableNeedDrain) return
    const data = JSON.stringify({ topics: topics.filter((topic) => waiting.has(topic)) })
    waiting.clear()
    write(`event: change\ndata: ${data}\n\n`)
    pacing = setTimeout(flush, paceMs)
  }

  body.on('drain', () => {
    if (!pacing) flush()
  })
  body.on('close', () => clearTimeout(pacing))
  write(`retry: ${reconnectMs}\n\n`)
  return {
    body,
    tell: (change) => {
      for (const topic of change.topics) waiting.add(topic)
      if (!pacing) flush()
    },
    beat: () => {
      unread = body.writableNeedDrain ? unread + 1 : 0
      if (unread > patience) body.destroy()
      else if (unread === 0) write(': still here\n\n')
    },
    end: () => void body.end(),
  }
}
