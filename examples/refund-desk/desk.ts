import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  type DevFile,
  ensurePrincipals,
  freePort,
  readDevFile,
  type SamplePrincipal,
  type Stack,
  startStack,
  writeDevFile,
} from 'exequatur/dev'
import { setUpFlags } from './downstream/set-up-flags.js'
import { type RunningStandIn, type StandInName, startStandIn } from './stand-ins/start-stand-in.js'

/** The refund desk, running: the embedded stack, the systems its tools act on, and sample principals. */
export interface Desk {
  readonly stack: Stack
  readonly billing: RunningStandIn
  readonly tracker: RunningStandIn
  /** The workspace in which people are told, and decide; null where the desk was opened without. */
  readonly slack: RunningStandIn | null
  /** What `dev.json` says. */
  readonly dev: DevFile
  close(): Promise<void>
}

export interface DeskOptions {
  readonly home: string
  /** Where the Temporal binary is kept; the home by default. */
  readonly cache?: string
  readonly say: (line: string) => void
  readonly env?: {
    readonly billing?: Record<string, string>
    readonly tracker?: Record<string, string>
    readonly slack?: Record<string, string>
    readonly server?: Record<string, string>
    readonly executor?: Record<string, string>
  }
  /** With a Slack workspace; true if left out. */
  readonly slack?: boolean
  readonly config?: string
  readonly ports?: { readonly api?: number; readonly temporal?: number; readonly temporalUi?: number }
  readonly signal?: AbortSignal
}

const tenant = 'acme'
const inSlack = (subject: string) => [{ issuer: 'slack:T0DESK', subject }]

/** People first: an agent has to have an owner. */
const principals: readonly SamplePrincipal[] = [
  { tenant, kind: 'person', name: 'ann', groups: ['finance', 'policy'], accounts: inSlack('UANN') },
  { tenant, kind: 'person', name: 'fred', groups: ['finance', 'policy'], accounts: inSlack('UFRED') },
  { tenant, kind: 'person', name: 'omar', groups: ['security', 'policy'], accounts: inSlack('UOMAR') },
  { tenant, kind: 'person', name: 'olga', groups: ['support'] },
  { tenant, kind: 'agent', name: 'support_refunds_v2', owner: 'person:olga' },
  { tenant, kind: 'agent', name: 'privacy_officer_bot', owner: 'person:olga' },
]

/** The workspace: ann, fred and omar are who they are here, olga is not linked yet. */
const workspace = {
  users: ['ann', 'fred', 'omar', 'olga'].map((name) => ({
    id: `U${name.toUpperCase()}`,
    name,
    email: `${name}@acme.example`,
  })),
  channels: [{ id: 'C0FINANCE', name: 'finance' }],
}

const seeds = {
  customers: [
    { id: 'cus_1', email: 'jo@example.com', name: 'Jo Example' },
    { id: 'cus_2', email: 'sam@example.com', name: 'Sam Example' },
  ],
  subscriptions: [{ id: 'sub_1', customer: 'cus_1' }],
  invoices: [
    { id: 'in_123', customer: 'cus_1', amount_paid: 4_900, subscription: 'sub_1' },
    { id: 'in_200', customer: 'cus_1', amount_paid: 20_000 },
    { id: 'in_900', customer: 'cus_2', amount_paid: 200_000 },
    { id: 'in_bulk', customer: 'cus_2', amount_paid: 10_000_000 },
  ],
}

/** Starts everything in `home`. What an earlier run stored there is still there. */
export async function openDesk(options: DeskOptions): Promise<Desk> {
  const home = resolve(options.home)
  const before = await readDevFile(home)
  const opened: (() => Promise<void>)[] = []
  const close = async () => {
    for (const end of opened.splice(0).reverse()) await end()
  }
  const standIn = async (name: StandInName, env: Record<string, string> = {}, given?: number) => {
    const port = given ?? (await portOf(before?.downstreams[name]?.url))
    const started = await startStandIn(name, { ledger: join(home, `${name}.jsonl`), ...(port && { port }), env })
    opened.push(started.stop)
    return started
  }
  try {
    await mkdir(home, { recursive: true })
    // Started once the stack holds its home, so that nobody else writes the same ledgers.
    let standIns: [RunningStandIn, RunningStandIn, RunningStandIn | null] | undefined
    const slackPort = options.slack === false ? null : await (portOf(before?.downstreams.slack?.url) ?? freePort())
    const stack = await startStack({
      home,
      config: options.config ?? fileURLToPath(new URL('./exequatur.config.ts', import.meta.url)),
      say: options.say,
      ...(options.cache && { cache: options.cache }),
      ...(options.ports && { ports: options.ports }),
      ...(options.signal && { signal: options.signal }),
      env: {
        server: { ...(slackPort !== null && slackOf(slackPort)), ...options.env?.server },
        executor: async (databaseUrl) => {
          standIns = await Promise.all([
            standIn('billing', options.env?.billing),
            standIn('tracker', options.env?.tracker),
            // The server looks for it until it is there.
            slackPort === null ? null : standIn('slack', options.env?.slack, slackPort),
          ])
          const [billing, tracker] = standIns
          return {
            STRIPE_API_KEY: 'sk_test_refund_desk',
            STRIPE_API_BASE: billing.url,
            TRACKER_URL: tracker.url,
            TRACKER_EMAIL: 'desk@example.com',
            TRACKER_TOKEN: 'tracker_token_refund_desk',
            FLAGS_ADMIN_URL: await setUpFlags(databaseUrl, ['refunds_fast_track']),
            ...options.env?.executor,
          }
        },
      },
    })
    opened.push(() => stack.stop())
    if (!standIns) throw new Error('the stack did not ask for what its tools act on')
    const [billing, tracker, slack] = standIns
    await post(`${billing.url}/_seed`, seeds)
    if (slack) await post(`${slack.url}/_seed`, workspace)
    const tokens = await ensurePrincipals(stack.databaseUrl, principals, before?.tokens ?? { agents: {}, people: {} })
    const { address, namespace, ui } = stack.temporal
    const dev: DevFile = {
      api: stack.api,
      temporal: { address, namespace, ui },
      database_url: stack.databaseUrl,
      downstreams: { billing: place(billing), tracker: place(tracker), ...(slack && { slack: place(slack) }) },
      tokens,
    }
    await writeDevFile(home, dev)
    return { stack, billing, tracker, slack, dev, close }
  } catch (error) {
    await close().catch(() => undefined)
    throw error
  }
}

/** What the server is told of the workspace. */
function slackOf(port: number): Record<string, string> {
  return {
    SLACK_BOT_TOKEN: 'xoxb-refund-desk',
    SLACK_APP_TOKEN: 'xapp-refund-desk',
    SLACK_API_URL: `http://127.0.0.1:${port}/api/`,
  }
}

function place({ url, ledger }: RunningStandIn): { url: string; ledger: string } {
  return { url, ledger }
}

/** A stand-in keeps its port over restarts where it can: open pages and settings stay right. */
function portOf(url: string | undefined): Promise<number> | undefined {
  return url === undefined ? undefined : freePort(Number(new URL(url).port))
}

async function post(url: string, body: unknown): Promise<void> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`)
}
