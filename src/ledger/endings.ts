import pg from 'pg'

/** Tells when actions end, by the ledger's notifications. */
export interface Endings {
  /** Resolves when the action `tenant/id` ends, or after `ms`. Look at the ledger afterwards. */
  readonly wait: (key: string, ms: number) => Promise<void>
  readonly close: () => Promise<void>
}

/** Listens on a connection of its own, and connects again when it is lost. */
export async function listenForEndings(url: string): Promise<Endings> {
  const waiting = new Map<string, Set<() => void>>()
  let closed = false
  let client = await connect()

  async function connect(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: url })
    client.on('notification', ({ payload }) => {
      for (const wake of waiting.get(payload ?? '') ?? []) wake()
    })
    client.on('error', () => undefined)
    client.on('end', () => {
      if (!closed) setTimeout(() => void reconnect(), 500).unref()
    })
    await client.connect()
    await client.query('listen exequatur_endings')
    return client
  }

  async function reconnect(): Promise<void> {
    try {
      client = await connect()
      // Whatever ended meanwhile was not told: let everybody look.
      for (const wakes of waiting.values()) for (const wake of wakes) wake()
    } catch {
      if (!closed) setTimeout(() => void reconnect(), 1_000).unref()
    }
  }

  return {
    wait: (key, ms) =>
      new Promise((resolve) => {
        const wakes = waiting.get(key) ?? new Set()
        const wake = () => {
          clearTimeout(timer)
          wakes.delete(wake)
          if (wakes.size === 0) waiting.delete(key)
          resolve()
        }
        const timer = setTimeout(wake, ms)
        wakes.add(wake)
        waiting.set(key, wakes)
      }),
    close: async () => {
      closed = true
      await client.end().catch(() => undefined)
    },
  }
}
