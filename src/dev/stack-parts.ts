import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { migrate } from '../ledger/migrate.js'
import { packageRoot } from '../package-root.js'
import { executorEnvironment, plainEnvironment, serverEnvironment } from './child-environment.js'
import { type Child, startChild } from './child-process.js'
import { createDatabaseUsers, type DatabaseUsers } from './database-users.js'
import { obtainTemporal } from './obtain-temporal.js'
import { freePort } from './ports.js'
import { startPostgres } from './postgres.js'
import type { StackEnding } from './stack-ending.js'
import type { StackOptions, StackTemporal } from './stack-types.js'
import { startTemporal } from './temporal-server.js'

const preferredApiPort = 7400

/** A migrated database: DATABASE_URL if it is set, else the embedded Postgres. */
export async function startDatabase(
  { home, say, alone }: StackOptions,
  ending: StackEnding,
): Promise<DatabaseUsers & { ownerUrl: string }> {
  let ownerUrl = alone ? undefined : process.env.DATABASE_URL
  if (!ownerUrl) {
    const postgres = await startPostgres({ home, say })
    ending.add('postgres', () => postgres.stop())
    ownerUrl = postgres.url
  }
  await migrate(ownerUrl)
  return { ownerUrl, ...(await createDatabaseUsers(ownerUrl)) }
}

/** The Temporal at EXEQUATUR_TEMPORAL_ADDRESS if that is set, else a dev server. */
export async function startOrFindTemporal(options: StackOptions, ending: StackEnding): Promise<StackTemporal> {
  const { home, say, ports = {} } = options
  const address = options.alone ? undefined : process.env.EXEQUATUR_TEMPORAL_ADDRESS
  if (address) {
    const namespace = process.env.EXEQUATUR_TEMPORAL_NAMESPACE || 'default'
    return { address, namespace, ui: process.env.EXEQUATUR_TEMPORAL_UI || undefined, binary: undefined, pid: undefined }
  }
  const binary = await obtainTemporal({ home: options.cache ?? home, say, signal: options.signal })
  options.signal?.throwIfAborted()
  const temporal = await startTemporal({
    binary,
    home,
    say,
    ...(ports.temporal === undefined ? {} : { port: ports.temporal }),
    ...(ports.temporalUi === undefined ? {} : { uiPort: ports.temporalUi }),
  })
  ending.add('temporal', () => temporal.stop())
  return { address: temporal.address, namespace: temporal.namespace, ui: temporal.ui, binary, pid: temporal.pid }
}

/** The environment server and executor share: where the data folder, the configuration and Temporal are. */
export function sharedEnvironment({ home, config }: StackOptions, temporal: StackTemporal): NodeJS.ProcessEnv {
  return {
    EXEQUATUR_HOME: home,
    EXEQUATUR_CONFIG: resolve(config),
    EXEQUATUR_TEMPORAL_ADDRESS: temporal.address,
    EXEQUATUR_TEMPORAL_NAMESPACE: temporal.namespace,
    ...(temporal.ui === undefined ? {} : { EXEQUATUR_TEMPORAL_UI: temporal.ui }),
  }
}

/** Starts the server, with an environment that holds no tool's credentials. */
export async function startServer(options: StackOptions, env: NodeJS.ProcessEnv, ending: StackEnding): Promise<Child> {
  const { say, ports = {} } = options
  const wanted = ports.api ?? (Number(process.env.EXEQUATUR_PORT) || preferredApiPort)
  const server = await startOnPort(options, env, wanted).catch((error: unknown) => {
    // Somebody else took the port between our look and the server's start.
    if (error instanceof Error && error.message.includes('EADDRINUSE')) return startOnPort(options, env, 0)
    throw error
  })
  if (wanted !== 0 && server.ready.url?.endsWith(`:${wanted}`) === false)
    say(`Port ${wanted} is taken; the API is at ${server.ready.url}`)
  ending.add('server', () => server.stop())
  return server
}

/** The port is chosen here rather than by the server, so that it is the same after a restart. */
async function startOnPort(options: StackOptions, env: NodeJS.ProcessEnv, wanted: number): Promise<Child> {
  const port = String(await freePort(wanted))
  const own = { EXEQUATUR_HOST: '127.0.0.1', EXEQUATUR_PORT: port }
  // A name: browsers keep no passkeys for addresses in digits.
  const inbox = { EXEQUATUR_PUBLIC_URL: `http://localhost:${port}` }
  const around = options.alone ? plainEnvironment() : serverEnvironment()
  return startEntry('server', options, { ...inbox, ...around, ...options.env?.server, ...env, ...own })
}

/** Starts the executor, with this process's environment and so with the tools' credentials. */
export async function startExecutor(
  options: StackOptions,
  env: NodeJS.ProcessEnv,
  databaseUrl: string,
  ending: StackEnding,
): Promise<Child> {
  const given = options.env?.executor
  const own = typeof given === 'function' ? await given(databaseUrl) : given
  const executor = await startEntry('executor', options, {
    ...(options.alone ? plainEnvironment() : executorEnvironment()),
    ...own,
    ...env,
  })
  ending.add('executor', () => executor.stop())
  return executor
}

function startEntry(name: 'server' | 'executor', { home, say }: StackOptions, env: NodeJS.ProcessEnv): Promise<Child> {
  const entry = fileURLToPath(new URL(`dist/src/${name}.js`, packageRoot))
  if (!existsSync(entry)) throw new Error(`${entry} is missing: run \`npm run build\` first`)
  return startChild({
    name,
    command: process.execPath,
    args: [entry],
    env,
    say,
    logFile: join(home, 'logs', `${name}.log`),
  })
}
