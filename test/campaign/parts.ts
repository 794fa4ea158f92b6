import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Child, startChild } from 'exequatur/dev'
import type { ClientLine } from './checker/evidence.js'
import type { CampaignOptions } from './options.js'
import type { CampaignStack } from './stack/open-stack.js'
import { agents, owner, people, type Tenant, tenants } from './stack/principals.js'

/** The processes that ask, decide and attack. */
export interface Parts {
  readonly clientsDone: Promise<unknown>
  readonly asked: () => number
  /** Keeps the clients from asking for more, or lets them go on. */
  readonly hold: (held: boolean) => void
  /** What was answered with 200 or 202. */
  readonly acknowledged: () => readonly { readonly tenant: string; readonly action_id: string }[]
  /** Ids of workflows of what was asked for lately. */
  readonly workflows: () => readonly string[]
  readonly stop: () => Promise<void>
}

const lately = 30
// A server keeps some hundred runs at hand; with more it does little else than to begin them anew.
const mostUnderWay = 100
// Of what was asked for, and of what somebody is to decide on.
const takenBack = 0.08
const leftUndecided = 0.08
// Of what a machine may not settle, and, of what did not happen, what is ordered anew. In a race nothing: a call that is left
// behind keeps its place without having happened.
const leftToWait = 0.3
const orderedAnew = 0.3

export async function startParts(stack: CampaignStack, options: CampaignOptions): Promise<Parts> {
  const running: Child[] = []
  const journals: string[] = []
  const part = async (script: string, tenant: Tenant, name: string, settings: Readonly<Record<string, string>>) => {
    const called = `${script}-${tenant}-${name}`
    const journal = join(stack.home, `${script}s`, `${tenant}-${name}.jsonl`)
    const given = { name, tenant, url: stack.api, journal, seed: options.seed, ...settings }
    const child = await startChild({
      name: called,
      command: process.execPath,
      args: ['--import', 'tsx', fileURLToPath(new URL(`./clients/${script}.ts`, import.meta.url))],
      env: { PATH: process.env.PATH, CAMPAIGN_PART: JSON.stringify(given) },
      say: () => undefined,
      logFile: join(stack.home, 'logs', `${called}.log`),
    })
    running.push(child)
    return { child, journal }
  }
  const tokenOf = (tenant: string, of: 'agents' | 'people', name: string) => stack.tokens[tenant]?.[of][name] ?? ''
  const usual = !options.race && options.matrix === 0
  const present = options.race ? tenants.slice(0, 1) : tenants
  for (const tenant of present) {
    for (const name of [...people.finance, ...people.security].filter((each) => each !== owner))
      await part('approver', tenant, name, {
        token: tokenOf(tenant, 'people', name),
        leaves: String(usual ? leftUndecided : 0),
      })
  }
  for (const tenant of options.matrix > 0 ? [] : present) {
    await part('keeper', tenant, 'ann', {
      token: tokenOf(tenant, 'people', 'ann'),
      books: stack.downstream.books,
      leaves: String(usual ? leftToWait : 0),
      again: String(usual ? orderedAnew : 0),
    })
  }
  const askers = options.race
    ? agents.map((name) => ['acme', name] as const)
    : tenants.flatMap((tenant) => agents.slice(0, 2).map((name) => [tenant, name] as const))
  const each = Math.ceil(options.actions / askers.length)
  const clients: Child[] = []
  for (const [tenant, name] of options.actions > 0 ? askers : []) {
    const { child, journal } = await part('client', tenant, name, {
      token: tokenOf(tenant, 'agents', name),
      actions: String(each),
      every_ms: String(options.race ? 0 : (options.minutes * 60_000) / each),
      takes_back: String(usual ? takenBack : 0),
      most: String(options.race ? each : Math.ceil(mostUnderWay / askers.length)),
      ...(options.race && { tool: 'pay_by_key' }),
    })
    clients.push(child)
    journals.push(journal)
  }
  if (options.rough) {
    for (const [tenant, other] of [
      ['acme', 'globex'],
      ['globex', 'acme'],
    ] as const)
      await part('adversary', tenant, 'payer_4', {
        token: tokenOf(tenant, 'agents', 'payer_4'),
        foreign: tokenOf(other, 'people', 'ann'),
        owner: tokenOf(tenant, 'people', owner),
        temporal: stack.temporal.binary,
        address: stack.temporal.address,
        namespace: stack.temporal.namespace,
      })
  }
  if (options.matrix > 0) journals.push(join(stack.home, 'clients', 'matrix.jsonl'))
  const lines = () => journals.flatMap(linesOf)
  const acknowledged = () => {
    const known = new Map<string, { tenant: string; action_id: string }>()
    for (const line of lines())
      if (line.kind === 'answered' && line.action_id)
        known.set(`${line.tenant}/${line.action_id}`, { tenant: line.tenant, action_id: line.action_id })
    return [...known.values()]
  }
  return {
    clientsDone: Promise.all(clients.map(({ exited }) => exited)),
    asked: () => acknowledged().length,
    hold: (held) => {
      for (const client of clients) client.kill(held ? 'SIGSTOP' : 'SIGCONT')
    },
    acknowledged,
    workflows: () =>
      acknowledged()
        .slice(-lately)
        .map(({ tenant, action_id }) => `${tenant}/${action_id}`),
    stop: async () => {
      await Promise.all(running.splice(0).map((child) => child.stop()))
    },
  }
}

function linesOf(file: string): ClientLine[] {
  if (!existsSync(file)) return []
  const text = readFileSync(file, 'utf8')
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  return whole
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as ClientLine)
}
