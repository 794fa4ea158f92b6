import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { type LogFile, openLog, withLog } from './log-file.js'
import type { Say } from './say.js'

export type ChildOptions = {
  /** What people call it: `server`, `executor`. */
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  /** Its whole environment. */
  readonly env: NodeJS.ProcessEnv
  readonly say: Say
  /** Its standard error is appended to this file. */
  readonly logFile: string
  /** Milliseconds it may take until it is ready; default 60 000. */
  readonly readyWithin?: number
  /** Milliseconds it may take to end after SIGTERM before SIGKILL; default 10 000. */
  readonly graceTime?: number
}

/** The line a child writes on its standard output when it is ready. */
export type ReadyLine = { readonly ready: string; readonly url?: string }

export type ChildExit = { readonly code: number | null; readonly signal: NodeJS.Signals | null }

/** A Node process that has said it is ready. After `restart()` the same object stands for the new process. */
export type Child = {
  readonly name: string
  readonly pid: number
  readonly ready: ReadyLine
  /** Resolves when the present process has ended, however that came about. */
  readonly exited: Promise<ChildExit>
  /** SIGTERM, then SIGKILL after the grace time; resolves when it has ended. */
  stop(): Promise<void>
  /** Sends a signal, SIGKILL unless another is named, and does not wait. */
  kill(signal?: NodeJS.Signals): void
  /** Stops it if it still runs, starts it again the same way, and resolves when it is ready. */
  restart(): Promise<void>
}

type Run = {
  readonly pid: number
  readonly process: ChildProcess
  readonly ready: ReadyLine
  readonly exited: Promise<ChildExit>
  /** Whether its end was asked for. */
  ended: boolean
}

/**
 * Starts a child and resolves when it has written its ready line, one JSON object on its standard output. Rejects with the
 * last lines of its log when it ends before that or is not ready in time. It can end together with this process:
 * see `endWithParent`.
 */
export async function startChild(options: ChildOptions): Promise<Child> {
  const { name, say, logFile, graceTime = 10_000 } = options
  const start = async (): Promise<Run> => {
    const run = await launch(options)
    void run.exited.then((exit) => {
      if (!run.ended) say(`The ${name} ended by itself (${describe(exit)}); its log: ${logFile}`)
    })
    return run
  }
  let run = await start()

  const stop = async (): Promise<void> => {
    const { process: child, exited } = run
    run.ended = true
    const timer = setTimeout(() => child.kill('SIGKILL'), graceTime)
    child.kill('SIGTERM')
    await exited
    clearTimeout(timer)
  }

  return {
    name,
    get pid() {
      return run.pid
    },
    get ready() {
      return run.ready
    },
    get exited() {
      return run.exited
    },
    stop,
    kill(signal = 'SIGKILL') {
      run.ended ||= signal === 'SIGKILL' || signal === 'SIGTERM'
      run.process.kill(signal)
    },
    async restart() {
      await stop()
      run = await start()
    },
  }
}

async function launch(options: ChildOptions): Promise<Run> {
  const { name, command, args, env, logFile, readyWithin = 60_000 } = options
  const log = openLog(logFile)
  // Detached, so that a Ctrl-C in the terminal reaches only this process, which then ends things in order.
  const child = spawn(command, args, {
    env: { ...env, EXEQUATUR_PARENT_WATCH: '1' },
    detached: true,
    stdio: ['pipe', 'pipe', log.fd],
  })
  log.close()
  child.stdin?.on('error', () => {})
  const exited = new Promise<ChildExit>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }))
    child.once('error', () => resolve({ code: null, signal: null }))
  })
  try {
    const ready = await readyLine(child, exited, options, log, readyWithin)
    return { pid: child.pid ?? 0, process: child, ready, exited, ended: false }
  } catch (error) {
    child.kill('SIGKILL')
    await exited
    throw error instanceof Error ? error : new Error(`The ${name} did not start`)
  }
}

function readyLine(
  child: ChildProcess,
  exited: Promise<ChildExit>,
  { name, command }: ChildOptions,
  log: LogFile,
  readyWithin: number,
): Promise<ReadyLine> {
  return new Promise((resolve, reject) => {
    let isReady = false
    const fail = (problem: string) => reject(withLog(problem, log.path, log.offset))
    const timer = setTimeout(() => fail(`The ${name} was not ready within ${readyWithin / 1000} s`), readyWithin)
    child.once('error', (error) => fail(`The ${name} could not be started with ${command}: ${error.message}`))
    void exited.then((exit) => {
      clearTimeout(timer)
      if (!isReady) fail(`The ${name} ended before it was ready (${describe(exit)})`)
    })
    if (child.stdout === null) return
    // Read to the end even after the ready line: a full pipe would stop the child.
    createInterface({ input: child.stdout }).on('line', (line) => {
      const ready = parseReadyLine(line)
      if (ready === undefined || isReady) return
      isReady = true
      clearTimeout(timer)
      resolve(ready)
    })
  })
}

function parseReadyLine(line: string): ReadyLine | undefined {
  try {
    const value = JSON.parse(line) as Partial<ReadyLine> | null
    return typeof value?.ready === 'string' ? (value as ReadyLine) : undefined
  } catch {
    return undefined
  }
}

function describe({ code, signal }: ChildExit): string {
  return signal ?? `exit ${code}`
}
