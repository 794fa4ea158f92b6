import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { dirname, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** A stand-in that runs as its own process. */
export interface RunningStandIn {
  url: string
  ledger: string
  pid: number
  /** Ends it in order (SIGTERM); resolves when it is gone. */
  stop: () => Promise<void>
  /** Ends it in the middle of whatever it does (SIGKILL). */
  kill: () => Promise<void>
}

export interface StandInOptions {
  ledger: string
  /** 0, the default, takes a free one. */
  port?: number
  env?: Record<string, string>
}

export type StandInName = 'billing' | 'tracker' | 'slack'

/** Starts a stand-in and waits until it listens. It also ends when the process that started it does. */
export async function startStandIn(name: StandInName, options: StandInOptions): Promise<RunningStandIn> {
  const script = fileURLToPath(new URL(`./${name}.ts`, import.meta.url))
  const args = ['--port', String(options.port ?? 0), '--ledger', resolve(options.ledger), '--until-stdin-closes']
  const child = spawn(process.execPath, ['--import', 'tsx', script, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
    // Node looks for tsx from the working directory.
    cwd: dirname(script),
    env: { ...process.env, ...options.env },
  })
  const gone = once(child, 'exit')
  const ready = await Promise.race([firstLine(child), gone.then(([code]) => Promise.reject(ended(name, code)))])
  const { url, ledger } = JSON.parse(ready) as { url: string; ledger: string }
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal)
    await gone
  }
  return { url, ledger, pid: child.pid ?? 0, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') }
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('the stand-in has no standard output')
  const lines = createInterface({ input: child.stdout })
  const [line] = (await once(lines, 'line')) as [string]
  return line
}

function ended(name: string, code: unknown): Error {
  return new Error(`the ${name} stand-in ended with ${String(code)} before it listened`)
}
