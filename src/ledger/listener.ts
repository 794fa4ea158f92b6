import pg from 'pg'

/** Who hears the notifications of one channel. */
export interface Listening {
  readonly heard: (payload: string) => void
  /** The connection was lost, and is there again: whatever was told meanwhile was not heard. */
  readonly missed: () => void
}

export interface Listener {
  readonly close: () => Promise<void>
}

/** Listens to channels of Postgres on one connection of its own, and connects again when it is lost. */
export async function listen(url: string, channels: Readonly<Record<string, Listening>>): Promise<Listener> {
  let closed = false
  let retry: NodeJS.Timeout | undefined
  let client = await connect()

  async function connect(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: url, keepAlive: true, keepAliveInitialDelayMillis: 10_000 })
    client.on('notification', ({ channel, payload }) => channels[channel]?.heard(payload ?? ''))
    client.on('error', () => undefined)
    client.on('end', reconnectLater)
    await client.connect()
    for (const channel of Object.keys(channels)) await client.query(`listen ${pg.escapeIdentifier(channel)}`)
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
      for (const { missed } of Object.values(channels)) missed()
    } catch {
      reconnectLater()
    }
  }

  return {
    close: async () => {
      closed = true
      await client.end().catch(() => undefined)
    },
  }
}
