import { hostname } from 'node:os'
import { type NativeConnection, Runtime, Worker, type WorkerOptions } from '@temporalio/worker'
import type { ProcessConfig } from './config/config.js'
import { type Authorities, createAuthorities } from './identity/authority.js'
import { createPool, type LedgerRole, type Pool } from './ledger/pool.js'
import { createLogger, type Logger, temporalLogger } from './log.js'
import { connectTemporal } from './temporal/connection.js'
import { dataConverter } from './temporal/data-converter.js'
import { tracingSinks } from './temporal/tracing.js'

/** What server and executor have in common: the composition root of both. */
export interface Context {
  readonly config: ProcessConfig
  readonly logger: Logger
  readonly pool: Pool
  readonly authorities: Authorities
  readonly connection: NativeConnection
  readonly namespace: string
  /** Ends what this context opened, last opened first. */
  readonly close: () => Promise<void>
}

export async function openContext(config: ProcessConfig, name: string, role: LedgerRole): Promise<Context> {
  const logger = createLogger(name, config.env('EXEQUATUR_LOG_LEVEL'))
  // Temporal's runtime would swallow the signals and leave the process half alive: stopping is our own.
  Runtime.install({ shutdownSignals: [], logger: temporalLogger(logger) })
  const pool = createPool(config.env('DATABASE_URL'), role)
  const namespace = config.env('EXEQUATUR_TEMPORAL_NAMESPACE')
  const connection = await connectTemporal({
    address: config.env('EXEQUATUR_TEMPORAL_ADDRESS'),
    namespace,
    apiKey: config.optional('EXEQUATUR_TEMPORAL_API_KEY'),
  })
  return {
    config,
    logger,
    pool,
    authorities: createAuthorities(pool, config.deployment.groups),
    connection,
    namespace,
    close: async () => {
      await connection.close()
      await pool.end()
    },
  }
}

/** A worker of this process, running from when this resolves until `stop`. */
export async function runWorker(
  context: Context,
  options: Omit<WorkerOptions, 'connection' | 'namespace' | 'dataConverter'>,
): Promise<{ readonly stop: () => Promise<void>; readonly ended: Promise<void> }> {
  const worker = await Worker.create({
    ...options,
    connection: context.connection,
    namespace: context.namespace,
    dataConverter,
    sinks: tracingSinks,
    identity: `${options.taskQueue}@${hostname()}/${process.pid}`,
    shutdownGraceTime: '5s',
    // A workflow whose worker died is taken over this soon.
    stickyQueueScheduleToStartTimeout: '2s',
  })
  const ended = worker.run()
  ended.catch((error) => {
    // A process without its worker would take requests that nobody works on.
    context.logger.fatal({ err: error }, 'the worker stopped')
    process.exit(1)
  })
  return {
    ended,
    stop: async () => {
      if (worker.getState() === 'RUNNING') worker.shutdown()
      await ended.catch(() => undefined)
    },
  }
}

/** Runs `stop` once on SIGTERM or SIGINT, then ends the process. */
export function stopOnSignal(logger: Logger, stop: () => Promise<void>): void {
  let stopping = false
  const end = (signal: string) => {
    if (stopping) return
    stopping = true
    logger.info({ signal }, 'stopping')
    stop().then(
      () => process.exit(0),
      (error) => {
        logger.error({ err: error }, 'could not stop in order')
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', () => end('SIGTERM'))
  process.on('SIGINT', () => end('SIGINT'))
}

/** The one line that says a process is ready, for whoever started it. */
export function sayReady(line: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}
