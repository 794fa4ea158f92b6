import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { plainEnvironment } from './child-environment.js'
import { openLog, withLog } from './log-file.js'
import { freePort } from './ports.js'
import { endProcess, isRunning, markProcess, ownMark } from './processes.js'
import type { Say } from './say.js'
import { isOwnedByAnother, readRecord, type ServiceRecord, writeRecord } from './service-record.js'
import { temporalAnswers } from './temporal-connection.js'

export type TemporalOptions = {
  /** The Temporal CLI, from `obtainTemporal`. */
  readonly binary: string
  /** The data folder; histories are kept in `temporal/temporal.db` below it. */
  readonly home: string
  /** Preferred gRPC port; default the one used last time, else 7233. */
  readonly port?: number
  /** Preferred port of the web UI; default the one used last time, else 8233. */
  readonly uiPort?: number
  readonly say: Say
}

export type TemporalServer = {
  /** `127.0.0.1:<port>` */
  readonly address: string
  readonly namespace: string
  /** URL of the web UI. */
  readonly ui: string
  readonly pid: number
  /** Ends the server, unless it belongs to another living stack that this one only shares. */
  stop(): Promise<void>
}

type Where = { readonly address: string; readonly port: number; readonly uiPort: number }

const namespace = 'default'
const patience = 30_000

// The dev server polls its queues 20 times a second unless told otherwise, which costs 50 ms per hop.
const dynamicConfig = [
  'history.transferProcessorMaxPollRPS=2000',
  'history.timerProcessorMaxPollRPS=2000',
  'history.visibilityProcessorMaxPollRPS=2000',
  'system.enableActivityEagerExecution=true',
  // Far above what people send; a run that takes no more is replaced by a new one.
  'history.maximumSignalsPerExecution=1000',
]

/**
 * Starts the Temporal dev server on 127.0.0.1 with histories that survive it, and resolves when it answers. One that an
 * earlier, killed stack left behind is taken over.
 */
export async function startTemporal(options: TemporalOptions): Promise<TemporalServer> {
  const home = resolve(options.home)
  const file = join(home, 'temporal', 'server.json')
  const left = readRecord<Where>(file)
  const reused = left === undefined ? undefined : await takeOver(left, file, options.say)
  const record = reused ?? (await startFresh(options, home, file, left?.where))
  return {
    address: record.where.address,
    namespace,
    ui: `http://127.0.0.1:${record.where.uiPort}`,
    pid: record.service.pid,
    stop: () => end(record),
  }
}

async function takeOver(left: ServiceRecord<Where>, file: string, say: Say): Promise<ServiceRecord<Where> | undefined> {
  if (!isRunning(left.service)) return undefined
  if (await temporalAnswers(left.where.address, 5_000)) {
    keepHistories(dirname(file))
    if (isOwnedByAnother(left)) return left
    say(`Reusing the Temporal server that is still running (process ${left.service.pid})`)
    const taken = { ...left, owner: ownMark() }
    writeRecord(file, taken)
    return taken
  }
  say(`Replacing a Temporal server that no longer answers (process ${left.service.pid})`)
  await endProcess(left.service, [['SIGKILL', 5_000]])
  return undefined
}

async function startFresh(
  options: TemporalOptions,
  home: string,
  file: string,
  last: Where | undefined,
): Promise<ServiceRecord<Where>> {
  mkdirSync(home, { recursive: true })
  const folder = dirname(file)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  for (let attempt = 1; ; attempt++) {
    const port = await freePort(options.port ?? last?.port ?? 7233)
    const uiPort = await freePort(options.uiPort ?? last?.uiPort ?? 8233)
    makeRoomForHistories(folder)
    try {
      const record = await launch(options, home, file, { address: `127.0.0.1:${port}`, port, uiPort })
      keepHistories(folder)
      return record
    } catch (error) {
      // Somebody took the port between the look and the start; or a new database did not come to be.
      const again = /address already in use/.test((error as Error).message) || isUnproven(folder)
      if (attempt === 3 || !again) throw error
    }
  }
}

const database = 'temporal.db'
// Lies beside a database until a server that has it has answered: one that was half made keeps every server from starting.
const unproven = 'unproven'

function isUnproven(folder: string): boolean {
  return existsSync(join(folder, unproven))
}

function makeRoomForHistories(folder: string): void {
  const files = ['', '-journal', '-shm', '-wal'].map((end) => join(folder, `${database}${end}`))
  if (isUnproven(folder)) for (const path of files) rmSync(path, { force: true })
  if (!existsSync(join(folder, database))) writeFileSync(join(folder, unproven), '')
}

function keepHistories(folder: string): void {
  rmSync(join(folder, unproven), { force: true })
}

async function launch(
  options: TemporalOptions,
  home: string,
  file: string,
  where: Where,
): Promise<ServiceRecord<Where>> {
  const log = openLog(join(home, 'logs', 'temporal.log'))
  const args = [
    ...['server', 'start-dev', '--log-level', 'error', '--ip', '127.0.0.1'],
    ...['--port', String(where.port), '--ui-port', String(where.uiPort)],
    ...['--db-filename', join(dirname(file), database)],
    ...dynamicConfig.flatMap((value) => ['--dynamic-config-value', value]),
  ]
  // Detached, so that a Ctrl-C in the terminal reaches only this process, which then ends things in order.
  const child = spawn(options.binary, args, {
    cwd: home,
    env: plainEnvironment(),
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  })
  log.close()
  child.unref()
  let failure: string | undefined
  child.once('error', (error) => {
    failure = `The Temporal server could not be started: ${error.message}`
  })
  child.once('exit', (code, signal) => {
    failure ??= `The Temporal server ended before it was ready (${signal ?? `exit ${code}`})`
  })
  const service = child.pid === undefined ? undefined : markProcess(child.pid)
  const record = service && { service, owner: ownMark(), where }
  // Written before it is ready: a start that is killed half-way must be found again.
  if (record !== undefined) writeRecord(file, record)
  const deadline = Date.now() + patience
  while (!(await temporalAnswers(where.address, 1_000))) {
    if (failure === undefined && Date.now() > deadline) {
      child.kill('SIGKILL')
      failure = `The Temporal server did not answer within ${patience / 1000} s`
    }
    if (failure !== undefined) throw withLog(failure, log.path, log.offset)
    await sleep(30)
  }
  if (record === undefined || failure !== undefined) {
    throw withLog(failure ?? 'The Temporal server ended at once', log.path, log.offset)
  }
  return record
}

async function end(record: ServiceRecord<Where>): Promise<void> {
  if (isOwnedByAnother(record)) return
  const gone = await endProcess(record.service, [
    ['SIGTERM', 10_000],
    ['SIGKILL', 5_000],
  ])
  if (!gone) throw new Error(`The Temporal server (process ${record.service.pid}) does not end`)
}
