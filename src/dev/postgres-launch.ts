import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { plainEnvironment } from './child-environment.js'
import { openLog, withLog } from './log-file.js'
import { freePort } from './ports.js'
import type { PostgresBinaries } from './postgres-binaries.js'
import { postgresAnswers, postgresUrl } from './postgres-connection.js'
import type { PostgresIdentity } from './postgres-identity.js'
import { endPostmaster, isReady } from './postmaster.js'
import { isRunning, markProcess, type ProcessMark } from './processes.js'

export type PostgresLaunch = {
  readonly home: string
  readonly data: string
  readonly password: string
  readonly binaries: PostgresBinaries
  readonly identity: PostgresIdentity
  readonly preferredPort: number
}

const patience = 30_000

/** Starts a server on the cluster, on the preferred port or another, and resolves when it answers. */
export async function launchPostgres(options: PostgresLaunch): Promise<{ service: ProcessMark; port: number }> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort(options.preferredPort)
    try {
      return { service: await launchOn(port, options), port }
    } catch (error) {
      // Somebody took the port between the look and the start.
      if (attempt === 3 || !/could not bind|could not create any TCP/.test((error as Error).message)) throw error
    }
  }
}

async function launchOn(port: number, options: PostgresLaunch): Promise<ProcessMark> {
  const { home, data, password, binaries, identity } = options
  const log = openLog(join(home, 'logs', 'postgres.log'))
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=200']
  const args = ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])]
  // Detached, so that a Ctrl-C in the terminal reaches only this process, which then ends things in order.
  const child = spawn(binaries.postgres, args, {
    ...identity,
    cwd: '/',
    env: { ...plainEnvironment(), LC_ALL: 'C' },
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  })
  log.close()
  child.unref()
  let failure: string | undefined
  child.once('error', (error) => {
    failure = `Postgres could not be started: ${error.message}`
  })
  child.once('exit', (code, signal) => {
    failure ??= `Postgres ended before it was ready (${signal ?? `exit ${code}`})`
  })
  const service = child.pid === undefined ? undefined : markProcess(child.pid)
  try {
    const deadline = Date.now() + patience
    const answers = () =>
      postgresAnswers(postgresUrl(port, password, 'postgres')).catch((refusal: unknown) => {
        // Who refused may be another server, that took the port first: ours then ends without ever being ready.
        if (isReady(data)) throw refusal
        return false
      })
    while (!(await answers())) {
      if (failure !== undefined) throw withLog(failure, log.path, log.offset)
      if (Date.now() > deadline) {
        throw withLog(`Postgres did not answer within ${patience / 1000} s`, log.path, log.offset)
      }
      await sleep(15)
    }
    // What answered may be another server that took the port first.
    if (service === undefined || failure !== undefined || !isRunning(service)) {
      throw withLog(failure ?? 'Postgres ended at once', log.path, log.offset)
    }
    return service
  } catch (error) {
    if (service !== undefined) await endPostmaster(service)
    throw error
  }
}
