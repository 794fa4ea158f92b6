import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type Child, clearHome, ensurePrincipals, freePort, startChild, type Tokens } from 'exequatur/dev'
import { publishContracts } from '../../../src/control-plane/publish-contracts.js'
import { executorEnvironment, serverEnvironment } from '../../../src/dev/child-environment.js'
import { createDatabaseUsers } from '../../../src/dev/database-users.js'
import { obtainKeys } from '../../../src/dev/keys.js'
import { obtainTemporal } from '../../../src/dev/obtain-temporal.js'
import { twoFreePorts } from '../../../src/dev/ports.js'
import { startPostgres } from '../../../src/dev/postgres.js'
import { startTemporal } from '../../../src/dev/temporal-server.js'
import { migrate } from '../../../src/ledger/migrate.js'
import { createPool } from '../../../src/ledger/pool.js'
import { packageRoot } from '../../../src/package-root.js'
import { type Downstream, openDownstream } from './downstream.js'
import config from './exequatur.config.js'
import { peopleAndAgents, tenants } from './principals.js'
import { keyLifetimeMs } from './tools.js'

/** Real processes, each of which can be ended and started again while the others go on. */
export interface CampaignStack {
  readonly home: string
  readonly api: string
  /** The ledger's owner. */
  readonly databaseUrl: string
  readonly temporal: { readonly address: string; readonly namespace: string; readonly binary: string }
  readonly downstream: Downstream
  /** By tenant. */
  readonly tokens: Readonly<Record<string, Tokens>>
  readonly server: Child
  /** Starts the server again, where the one before is gone, with further settings. */
  readonly startServer: (env: NodeJS.ProcessEnv) => Promise<Child>
  /** Starts a further executor; it is ended with the stack if not before. */
  readonly startExecutor: (name: string, env?: NodeJS.ProcessEnv) => Promise<Child>
  readonly postgres: Service
  readonly temporalServer: Service
  readonly close: () => Promise<void>
}

/** A service that is started again at the same place, with the data it had. */
export interface Service {
  /** Ends it without any order. */
  readonly kill: () => Promise<void>
  readonly start: () => Promise<void>
}

export interface StackWishes {
  readonly name: string
  readonly seed: string
  readonly say?: (line: string) => void
  readonly secret: string
  /** JSON, for the configuration. */
  readonly budgets?: string
  /** Further settings of server and executors. */
  readonly env?: NodeJS.ProcessEnv
}

const cache = resolve(process.env.EXEQUATUR_HOME || '.exequatur')
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export async function openStack(wishes: StackWishes): Promise<CampaignStack> {
  const { name, seed, secret, budgets = '[]', env: settings = {}, say = () => undefined } = wishes
  const home = join(cache, 'campaign', name)
  await clearHome(home)
  await mkdir(join(home, 'logs'), { recursive: true })
  const opened: (() => Promise<unknown>)[] = []
  const close = async () => {
    for (const end of opened.splice(0).reverse()) await end().catch((error) => say(String(error)))
  }
  try {
    const database = await startService('SIGQUIT', () => startPostgres({ home, say }), opened)
    const databaseUrl = database.now().url
    await migrate(databaseUrl)
    await publish(databaseUrl)
    const users = await createDatabaseUsers(databaseUrl)
    const binary = await obtainTemporal({ home: cache, say })
    const [port, uiPort] = await twoFreePorts()
    const temporal = await startService('SIGKILL', () => startTemporal({ binary, home, say, port, uiPort }), opened)
    const downstream = await openDownstream({ home, seed, keyLifetimeMs, say })
    opened.push(downstream.close)
    const keys = obtainKeys(home)
    const { address, namespace } = temporal.now()
    const shared = {
      EXEQUATUR_HOME: home,
      EXEQUATUR_CONFIG: here('./exequatur.config.ts'),
      EXEQUATUR_TEMPORAL_ADDRESS: address,
      EXEQUATUR_TEMPORAL_NAMESPACE: namespace,
      EXEQUATUR_LOG_LEVEL: 'warn',
      NODE_ENV: 'test',
      CAMPAIGN_BUDGETS: budgets,
      ...settings,
    }
    const child = async (entry: 'server' | 'executor', called: string, env: NodeJS.ProcessEnv) => {
      const started = await startChild({
        name: called,
        command: process.execPath,
        args: [fileURLToPath(new URL(`dist/src/${entry}.js`, packageRoot))],
        env,
        say,
        logFile: join(home, 'logs', `${called}.log`),
        graceTime: 5_000,
      })
      opened.push(() => started.stop())
      return started
    }
    const startExecutor = (called: string, env: NodeJS.ProcessEnv = {}) =>
      child('executor', called, {
        ...executorEnvironment(),
        ...shared,
        DATABASE_URL: users.executorUrl,
        EXEQUATUR_VERIFY_KEY_FILE: keys.verify,
        CAMPAIGN_DOWNSTREAM: downstream.url,
        CAMPAIGN_SECRET: secret,
        ...env,
      })
    const apiPort = String(await freePort())
    const startServer = (env: NodeJS.ProcessEnv = {}) =>
      child('server', 'server', {
        ...serverEnvironment(),
        ...shared,
        DATABASE_URL: users.serverUrl,
        EXEQUATUR_SIGNING_KEY_FILE: keys.signing,
        EXEQUATUR_HOST: '127.0.0.1',
        EXEQUATUR_PORT: apiPort,
        ...env,
      })
    const server = await startServer()
    const tokens: Record<string, Tokens> = {}
    for (const tenant of tenants)
      tokens[tenant] = await ensurePrincipals(databaseUrl, peopleAndAgents(tenant), { agents: {}, people: {} })
    return {
      home,
      api: String(server.ready.url),
      databaseUrl,
      temporal: { address, namespace, binary },
      downstream,
      tokens,
      server,
      startServer,
      startExecutor,
      postgres: database,
      temporalServer: temporal,
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** Policies are in force once an executor has published its tools. */
export async function untilReady(api: string, withinMs = 60_000): Promise<void> {
  const deadline = performance.now() + withinMs
  for (;;) {
    const answer = await fetch(`${api}/readyz`).catch(() => null)
    if (answer?.ok) return
    if (performance.now() > deadline) throw new Error(`the server does not get ready: ${await answer?.text()}`)
    await pause(50)
  }
}

/** All contracts at once, whichever pools have an executor at the moment. */
async function publish(databaseUrl: string): Promise<void> {
  const pool = createPool(databaseUrl, 'exq_executor', 2)
  await publishContracts(pool, tenants, await config.tools()).finally(() => pool.end())
}

interface Running {
  readonly pid: number
  readonly stop: () => Promise<void>
}

// To Postgres SIGQUIT is what a power cut is: the processes it consists of end, and the next start recovers.
async function startService<Run extends Running>(
  signal: 'SIGQUIT' | 'SIGKILL',
  launch: () => Promise<Run>,
  opened: (() => Promise<unknown>)[],
): Promise<Service & { readonly now: () => Run }> {
  let running = await launch()
  opened.push(() => running.stop())
  return {
    now: () => running,
    kill: async () => {
      process.kill(running.pid, signal)
      await untilGone(running.pid)
    },
    start: async () => {
      running = await launch()
    },
  }
}

async function untilGone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0)
    } catch {
      return
    }
    await pause(10)
  }
}
