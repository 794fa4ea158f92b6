import { existsSync, mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { migrate } from '../ledger/migrate.js'
import { packageRoot } from '../package-root.js'
import { searchAttributeNames } from '../temporal/search-attributes.js'
import { executorEnvironment, serverEnvironment } from './child-environment.js'
import { type Child, startChild } from './child-process.js'
import { createDatabaseUsers, type DatabaseUsers } from './database-users.js'
import { tryLock } from './file-lock.js'
import { type KeyFiles, obtainKeys } from './keys.js'
import { obtainTemporal } from './obtain-temporal.js'
import { freePort } from './ports.js'
import { startPostgres } from './postgres.js'
import type { Say } from './say.js'
import { startTemporal } from './temporal-server.js'

/** The port the API prefers. */
export const preferredApiPort = 7400

export type StackOptions = {
  /** The data folder: databases, keys, logs, the Temporal binary. One stack at a time may use it. */
  readonly home: string
  /** Path of the `exequatur.config.ts` that server and executor load. */
  readonly config: string
  readonly say: Say
  /** Further environment variables; credentials of tools belong to the executor. */
  readonly env?: { readonly server?: NodeJS.ProcessEnv; readonly executor?: NodeJS.ProcessEnv }
  readonly ports?: { readonly api?: number; readonly temporal?: number; readonly temporalUi?: number }
  /** Aborting it while the stack starts ends what has been started. */
  readonly signal?: AbortSignal
}

export type StackTemporal = {
  readonly address: string
  readonly namespace: string
  /** URL of the web UI, where one is known. */
  readonly ui: string | undefined
  /** The Temporal CLI, where this stack started the server. */
  readonly binary: string | undefined
  /** The server's process, where this stack started it. */
  readonly pid: number | undefined
}

export type Stack = {
  readonly home: string
  /** URL of the HTTP API. */
  readonly api: string
  readonly temporal: StackTemporal
  /** The database owner's URL; it holds a password. */
  readonly databaseUrl: string
  readonly server: Child
  readonly executor: Child
  /** Ends what this stack started: server, executor, Temporal, Postgres. */
  stop(): Promise<void>
}

type Started<Value> = { readonly value: Value; readonly stop: () => Promise<void> }

const nothingToStop = async () => {}

/**
 * Starts everything on this machine: Postgres (unless DATABASE_URL is set), the Temporal server (unless
 * EXEQUATUR_TEMPORAL_ADDRESS is set), and as processes of their own the server and the executor. Resolves when both are
 * ready. If a part fails, those already started are ended and the returned promise rejects with the reason.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const home = resolve(options.home)
  mkdirSync(home, { recursive: true })
  const lock = tryLock(join(home, 'stack.lock'))
  if ('heldBy' in lock) {
    throw new Error(
      `Process ${lock.heldBy.pid} already runs a stack in ${home}. Stop it, or set EXEQUATUR_HOME to another.`,
    )
  }
  const ends: (() => Promise<void>)[] = [async () => lock.release()]
  try {
    return await startParts(options, home, ends)
  } catch (error) {
    await endAll(ends).catch(() => {})
    throw error
  }
}

async function startParts(options: StackOptions, home: string, ends: (() => Promise<void>)[]): Promise<Stack> {
  const keys = obtainKeys(home)
  const [database, temporal] = await both(ends, startDatabase(home, options.say), startOrFindTemporal(options, home))
  options.signal?.throwIfAborted()
  const common = {
    EXEQUATUR_HOME: home,
    EXEQUATUR_CONFIG: resolve(options.config),
    EXEQUATUR_TEMPORAL_ADDRESS: temporal.address,
    EXEQUATUR_TEMPORAL_NAMESPACE: temporal.namespace,
    ...(temporal.ui === undefined ? {} : { EXEQUATUR_TEMPORAL_UI: temporal.ui }),
  }
  const [server, executor] = await both(
    ends,
    startServer(options, home, { ...common, ...(await serverAddress(options)) }, database.users, keys),
    startExecutor(options, home, common, database.users, keys),
  )
  options.signal?.throwIfAborted()
  const { EXEQUATUR_HOST, EXEQUATUR_PORT } = await serverAddress(options)
  return {
    home,
    api: server.ready.url ?? `http://${EXEQUATUR_HOST}:${EXEQUATUR_PORT}`,
    temporal,
    databaseUrl: database.ownerUrl,
    server,
    executor,
    stop: () => endAll(ends),
  }
}
