import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { ExequaturError } from '../domain/errors.js'

/** What happens to one exchange: its request never arrives, its answer is lost, or its answer is kept back. */
export type Interference = 'lose-request' | 'lose-answer' | 'hold-answer'

/** What to do to the exchange of this number, counted from 1. */
export interface Plan {
  readonly at: number
  readonly how: Interference
  /** Called when it is done; for a held answer, when that is there. */
  readonly done?: () => void
}

/** Carries what a tool and its downstream say to each other, and interferes where it is told to. */
export interface Relay {
  /** The environment with the relayed URLs in place of the downstream's own. */
  readonly env: Readonly<Record<string, string>>
  /** Counts from now on, and interferes once; null: only counts. */
  readonly arm: (plan: Plan | null) => void
  /** Exchanges since it was armed: whatever was asked after the last answer counts as one. */
  readonly exchanges: () => number
  /** Each answer waits until this has been done, before it is passed on; null: no more. */
  readonly watch: (look: (() => Promise<void>) | null) => void
  /** Passes on what was held back. */
  readonly release: () => void
  readonly close: () => Promise<void>
}

/** Opens a relay in front of each of these URLs of an environment. Throws `EXQ-7011` for what cannot be relayed. */
export async function openRelay(env: Readonly<Record<string, string>>, names: readonly string[]): Promise<Relay> {
  const line = new Line()
  const servers: Server[] = []
  const relayed: Record<string, string> = { ...env }
  const close = async () => {
    line.end()
    for (const server of servers.splice(0)) await new Promise((done) => server.close(done))
  }
  try {
    for (const name of names) {
      const url = urlOf(name, env[name])
      const server = createServer((client) => line.carry(client, url))
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
      servers.push(server)
      const own = new URL(url)
      own.hostname = '127.0.0.1'
      own.port = String((server.address() as AddressInfo).port)
      // A URL that names no path stays one that names no path.
      relayed[name] = env[name]?.endsWith('/') ? own.href : own.href.replace(/\/$/, '')
    }
  } catch (error) {
    await close()
    throw error
  }
  return {
    env: relayed,
    arm: (plan) => line.arm(plan),
    exchanges: () => line.count,
    watch: (look) => {
      line.look = look
    },
    release: () => line.release(),
    close,
  }
}

const defaultPorts: Readonly<Record<string, number>> = {
  'http:': 80,
  'postgres:': 5432,
  'postgresql:': 5432,
  'redis:': 6379,
  'mysql:': 3306,
}

function urlOf(name: string, text: string | undefined): URL {
  const url = text !== undefined && URL.canParse(text) ? new URL(text) : null
  if (!url) throw new ExequaturError('EXQ-7011', `relay names ${name}, and env has no URL under that name`)
  if (!url.port && !defaultPorts[url.protocol])
    throw new ExequaturError(
      'EXQ-7011',
      `${name} cannot be relayed: ${url.protocol} is encrypted, or its port is unknown`,
    )
  return url
}

/** The connections of all relays, numbered through: what a tool does is one story, over however many systems. */
class Line {
  count = 0
  look: (() => Promise<void>) | null = null
  private plan: Plan | null = null
  private held: (() => void)[] = []
  private readonly sockets = new Set<Socket>()

  arm(plan: Plan | null): void {
    this.release()
    this.count = 0
    this.plan = plan
  }

  release(): void {
    for (const pass of this.held.splice(0)) pass()
  }

  end(): void {
    for (const socket of this.sockets) socket.destroy()
  }

  carry(client: Socket, url: URL): void {
    const host = url.hostname.replace(/^\[|\]$/g, '')
    const downstream = connect({ host, port: Number(url.port) || (defaultPorts[url.protocol] ?? 0) })
    let asking = false
    let fault: Plan | null = null
    let kept: Buffer[] | null = null
    let passed = Promise.resolve()
    const pass = (bytes: Buffer) => {
      const { look } = this
      passed = passed.then(() => look?.()).then(() => void client.write(bytes))
    }
    const cut = () => {
      client.resetAndDestroy()
      downstream.destroy()
    }
    for (const socket of [client, downstream]) {
      this.sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('error', () => undefined)
      socket.on('close', () => this.sockets.delete(socket))
    }
    client.on('data', (bytes) => {
      if (!asking) {
        asking = true
        this.count += 1
        fault = this.plan?.at === this.count ? this.plan : null
        if (fault) this.plan = null
      }
      if (fault?.how !== 'lose-request') return void downstream.write(bytes)
      cut()
      fault.done?.()
    })
    downstream.on('data', (bytes) => {
      asking = false
      if (fault?.how === 'lose-answer') {
        cut()
        fault.done?.()
        return
      }
      if (fault?.how !== 'hold-answer') return pass(bytes)
      if (kept === null) {
        kept = [bytes]
        this.held.push(() => {
          for (const each of kept ?? []) client.write(each)
          kept = null
          fault = null
        })
        fault.done?.()
      } else kept.push(bytes)
    })
    client.on('close', () => downstream.destroy())
    downstream.on('close', () => client.destroy())
  }
}
