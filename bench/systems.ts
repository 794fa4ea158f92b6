import { randomUUID } from 'node:crypto'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensurePrincipals, type Stack, startChild, startStack, type Tokens } from 'exequatur/dev'
import { startStandIn } from '../examples/refund-desk/stand-ins/start-stand-in.js'
import { packageRoot } from '../src/package-root.js'

/** Everything outside this process that is measured with. */
export interface Systems {
  readonly home: string
  readonly stack: Stack
  readonly effects: string
  readonly tokens: Tokens
  /** An invoice nobody has refunded yet. */
  readonly freshInvoice: () => string
  readonly close: () => Promise<void>
}

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const tenant = 'acme'
const invoices = 4_000

/** Starts it in the folder; what `close` leaves there is small. */
export async function openSystems(home: string, cache: string, say: (line: string) => void): Promise<Systems> {
  const opened: (() => Promise<void>)[] = []
  const close = async () => {
    for (const end of opened.splice(0).reverse()) await end()
    // Not the database's password: its data may lie elsewhere, and would be lost without.
    for (const name of ['postgres', 'temporal', 'logs', 'effects.jsonl', 'billing.jsonl'])
      rmSync(join(home, name), { recursive: true, force: true })
  }
  try {
    mkdirSync(home, { recursive: true })
    const child = async (name: string, args: readonly string[], env: NodeJS.ProcessEnv) => {
      const started = await startChild({
        name,
        command: process.execPath,
        args: ['--import', 'tsx', here(`./${name}.ts`), ...args],
        env: { PATH: process.env.PATH, ...env },
        say,
        logFile: join(home, 'logs', `${name}.log`),
      })
      opened.push(() => started.stop())
      return started
    }
    mkdirSync(join(home, 'logs'), { recursive: true })
    const effects = (await child('effect-server', [join(home, 'effects.jsonl')], {})).ready.url ?? ''
    const billing = await startStandIn('billing', { ledger: join(home, 'billing.jsonl') })
    opened.push(billing.stop)
    const run = randomUUID().slice(0, 8)
    await seed(billing.url, run)
    const downstream = { STRIPE_API_KEY: 'sk_test_refund_desk', STRIPE_API_BASE: billing.url, BENCH_EFFECTS: effects }
    const stack = await startStack({
      home,
      cache,
      config: here('./exequatur.config.ts'),
      say,
      env: {
        server: { EXEQUATUR_LOG_LEVEL: 'warn' },
        executor: { ...downstream, EXEQUATUR_LOG_LEVEL: 'warn' },
      },
    })
    opened.push(() => stack.stop())
    await child('floor-worker', [], { ...downstream, EXEQUATUR_TEMPORAL_ADDRESS: stack.temporal.address })
    const tokens = await ensurePrincipals(
      stack.databaseUrl,
      [
        { tenant, kind: 'person', name: 'olga' },
        { tenant, kind: 'person', name: 'ann', groups: ['finance'] },
        { tenant, kind: 'agent', name: 'bench', owner: 'person:olga' },
      ],
      { agents: {}, people: {} },
    )
    let next = 0
    return { home, stack, effects, tokens, freshInvoice: () => `in_${run}_${next++ % invoices}`, close }
  } catch (error) {
    await close().catch(() => undefined)
    throw error
  }
}

/** The Temporal server is kept where `npm start` keeps it, so that no bench has to build one of its own. */
export const temporalCache = fileURLToPath(new URL('.exequatur', packageRoot))

async function seed(url: string, run: string): Promise<void> {
  const customer = `cus_${run}`
  const body = {
    customers: [{ id: customer }],
    invoices: Array.from({ length: invoices }, (_, n) => ({ id: `in_${run}_${n}`, customer, amount_paid: 10_000 })),
  }
  const answer = await fetch(`${url}/_seed`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`the billing stand-in answered ${answer.status}: ${await answer.text()}`)
}
