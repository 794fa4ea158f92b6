import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Stripe from 'stripe'
import {
  type RunningStandIn,
  type StandInName,
  startStandIn,
} from '../../examples/refund-desk/stand-ins/start-stand-in.js'

/** A stand-in under test with a folder of its own; `close` ends the process and removes the folder. */
export interface Desk {
  url: string
  ledger: string
  seed: (objects: object) => Promise<unknown>
  plan: (fault: object) => Promise<void>
  clearFaults: () => Promise<void>
  effects: (wanted?: Record<string, string>) => Promise<Record<string, unknown>[]>
  calls: (route: string) => Promise<number>
  /** Any other endpoint of its control surface. */
  control: (method: 'GET' | 'POST', path: string, body?: object) => Promise<unknown>
  /** Kills the process in the middle of whatever it does and starts another one on the same ledger. */
  killAndRestart: () => Promise<void>
  close: () => Promise<void>
}

export async function openDesk(name: StandInName, env: Record<string, string> = {}): Promise<Desk> {
  const folder = mkdtempSync(join(tmpdir(), `exequatur-${name}-`))
  const ledger = join(folder, `${name}.jsonl`)
  const processes: RunningStandIn[] = []
  const current = () => processes.at(-1) as RunningStandIn
  const start = async () => processes.push(await startStandIn(name, { ledger, env }))
  await start()
  return {
    get url() {
      return current().url
    },
    ledger,
    seed: (objects) => control(current().url, 'POST', '/_seed', objects),
    plan: async (fault) => void (await control(current().url, 'POST', '/_faults', fault)),
    clearFaults: async () => void (await control(current().url, 'DELETE', '/_faults')),
    effects: async (wanted = {}) => {
      const answer = await control(current().url, 'GET', `/_effects?${new URLSearchParams(wanted)}`)
      return (answer as { effects: Record<string, unknown>[] }).effects
    },
    calls: async (route) => {
      const answer = await control(current().url, 'GET', '/_calls')
      return (answer as { calls: Record<string, number> }).calls[route] ?? 0
    },
    control: (method, path, body) => control(current().url, method, path, body),
    killAndRestart: async () => {
      await current().kill()
      await start()
    },
    close: async () => {
      await current().stop()
      rmSync(folder, { recursive: true })
    },
  }
}

async function control(url: string, method: string, path: string, body?: object): Promise<unknown> {
  const response = await fetch(url + path, { method, ...(body ? { body: JSON.stringify(body) } : {}) })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
  return text === '' ? undefined : JSON.parse(text)
}

/** The real SDK, pointed at the stand-in. */
export function stripeAt(url: string, options: { key?: string; timeout?: number } = {}): Stripe {
  const { hostname, port } = new URL(url)
  return new Stripe(options.key ?? 'sk_test_refund_desk', {
    host: hostname,
    port: Number(port),
    protocol: 'http',
    maxNetworkRetries: 0,
    telemetry: false,
    ...(options.timeout === undefined ? {} : { timeout: options.timeout }),
  })
}

/** What the SDK threw, as plain facts. */
export async function failureOf(promise: Promise<unknown>): Promise<Record<string, unknown>> {
  try {
    await promise
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeError)) throw error
    const { type, statusCode, code, param, rawType } = error
    return { type, statusCode, code, param, rawType }
  }
  throw new Error('the call went through')
}

/** The effects in the file itself, read without asking the process. */
export function effectLines(file: string): Record<string, unknown>[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter((line) => line.kind === 'effect')
}
