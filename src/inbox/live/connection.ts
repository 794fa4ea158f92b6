import { eventParser } from './read-events.js'

/** `live`: changes are shown as they happen; else what is shown may be old. */
export type LiveState = 'connecting' | 'live' | 'lost'

interface Listener {
  readonly state: (state: LiveState) => void
  readonly changed: (topics: readonly string[]) => void
  /** Connected once more: who is signed in may be somebody else by now. Heard before anything of theirs is. */
  readonly again: (signal: AbortSignal) => Promise<void>
  /** The server no longer knows this browser. */
  readonly signedOut: () => void
}

const silenceMs = 45_000
const firstWaitMs = 1_000
const longestWaitMs = 20_000

/** Listens to `/v1/events` until it is stopped; connects anew, ever more slowly, and then says that all may have changed. */
export function listen(listener: Listener): () => void {
  const stopped = new AbortController()
  let wait = firstWaitMs
  let before = false
  const run = async () => {
    while (!stopped.signal.aborted) {
      const ended = await stream(stopped.signal, listener, async (signal) => {
        wait = firstWaitMs
        if (before) await listener.again(signal)
        before = true
      })
      if (stopped.signal.aborted) return
      if (ended === 'nobody') return listener.signedOut()
      listener.state('lost')
      await pause(wait, stopped.signal)
      wait = Math.min(wait * 2, longestWaitMs)
    }
  }
  listener.state('connecting')
  void run()
  return () => stopped.abort()
}

async function stream(
  stop: AbortSignal,
  listener: Listener,
  open: (signal: AbortSignal) => Promise<void>,
): Promise<'ended' | 'nobody'> {
  const silence = new AbortController()
  const unplugged = () => silence.abort()
  addEventListener('offline', unplugged)
  let timer = setTimeout(() => silence.abort(), silenceMs)
  const heard = () => {
    clearTimeout(timer)
    timer = setTimeout(() => silence.abort(), silenceMs)
  }
  try {
    const signal = AbortSignal.any([stop, silence.signal])
    const answer = await fetch('/v1/events', { headers: { accept: 'text/event-stream' }, signal })
    if (answer.status === 401) return 'nobody'
    if (!answer.ok || !answer.body) return 'ended'
    await open(signal)
    if (signal.aborted) return 'ended'
    listener.state('live')
    listener.changed(everything)
    const parse = eventParser(({ event, data }) => {
      if (event === 'change' && data !== null) listener.changed(topicsIn(data))
    })
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader()
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      heard()
      parse(next.value)
    }
    return 'ended'
  } catch {
    return 'ended'
  } finally {
    clearTimeout(timer)
    removeEventListener('offline', unplugged)
  }
}

const everything: readonly string[] = ['approvals', 'attention', 'actions', 'stops', 'reviews']

/** What cannot be read may be about anything. */
function topicsIn(data: string): readonly string[] {
  try {
    const { topics } = JSON.parse(data) as { topics: unknown }
    return Array.isArray(topics) ? topics.filter((topic) => typeof topic === 'string') : everything
  } catch {
    return everything
  }
}

function pause(ms: number, stop: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(done, ms)
    const now = () => {
      clearTimeout(timer)
      done()
    }
    stop.addEventListener('abort', now, { once: true })
    // Whoever is back on the network does not wait.
    addEventListener('online', now, { once: true, signal: stop })
  })
}
