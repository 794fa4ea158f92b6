import pg from 'pg'

export interface ExpectedEnding {
  /** Resolves at the ending, when the time is up, or when given up. */
  readonly over: Promise<void>
  readonly giveUp: () => void
}

/** Tells when actions end, by the ledger's notifications. */
export interface Endings {
  /** Expects the action `tenant/id` to end within `ms`, from now on: look at the ledger after this call, and again once it is `over`. */
  readonly expect: (key: string, ms: number) => ExpectedEnding
  readonly close: () => Promise<void>
}

/** Listens on a connection of its own, and connects again when it is lost. */
export async function listenForEndings(url: string): Promise<Endings> {
  const waiting = new Map<string, Set<() => void>>()
  let closed = false
  let retry: NodeJS.Timeout | undefined
  let client = await connect()

  async function connect(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: url })
    client.on('notification', ({ payload }) => {
      for (const wake of waiting.get(payload ?? '') ?? []) wake()
    })
    client.on('error', () => undefined)
    client.on('end', reconnectLater)
    await client.connect()
    await client.query('listen exequatur_endings')
    return client
  }

  // A connection that cannot be made both ends and fails: one retry, whoever asks first.
  function reconnectLater(): void {
    if (closed || retry) return
    retry = setTimeout(() => {
      retry = undefined
      void reconnect()
    }, 1_000)
    retry.unref()
  }

  async function reconnect(): Promise<void> {
    try {
      client = await connect()
      // Whatever ended meanwhile was not told: let everybody look.
      for (const wakes of waiting.values()) for (const wake of wakes) wake()
    } catch {
      reconnectLater()
    }
  }

  return {
    expect: (key, ms) => {
      const wakes = waiting.get(key) ?? new Set()
      waiting.set(key, wakes)
      let giveUp: () => void = () => undefined
      const over = new Promise<void>((resolve) => {
        giveUp = () => {
          clearTimeout(timer)
          wakes.delete(giveUp)
          if (wakes.size === 0 && waiting.get(key) === wakes) waiting.delete(key)
          resolve()
        }
      })
      const timer = setTimeout(() => giveUp(), ms)
      wakes.add(giveUp)
      return { over, giveUp }
    },
    close: async () => {
      closed = true
      await client.end().catch(() => undefined)
    },
  }
}
