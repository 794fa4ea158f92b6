import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import type { LoadedConfig } from '../config/load-config.js'
import type { Tool } from '../contract/tool.js'
import type { ToolChecks } from '../contract/tool-checks.js'
import { twoFreePorts } from '../dev/ports.js'
import type { Say } from '../dev/say.js'
import { startStack } from '../dev/stack.js'
import { ExequaturError } from '../domain/errors.js'
import { openRelay, type Relay } from '../testing/relay.js'
import { DoesNotHold, NotApplicable } from '../testing/trial.js'
import { openChecks } from './check-tools.js'
import type { Guarantee, VerifiedLine, VerifyReport } from './guarantee.js'
import { guaranteesOf } from './guarantees.js'
import { writeScratchConfig } from './scratch-config.js'
import { openVenue, type Venue } from './venue.js'

/** What no verification of this kind can tell; said at its end. */
const cannotCheck = [
  'whether the model that asks wants the right thing, and whether what the policies allow is harmless',
  'what somebody does with credentials of a downstream that they hold themselves',
  'somebody who controls the host of the executor, or the key that signs for the server',
  'your production downstream: it was tried as the checks give it, at its best and in one short run',
]

export interface VerifyOptions {
  readonly say: Say
  /** Told of each line as soon as it is there. */
  readonly progress: (line: VerifiedLine) => void
  /** These guarantees alone, `G1` and the like; all of them if left out. */
  readonly only?: readonly string[]
}

/**
 * Tries the named guarantees on the adopter's own configuration, policies and tools, in a scratch stack that is ended
 * afterwards. Throws `EXQ-7010` without checks: nothing of this process's environment is given to a tool.
 */
export async function verify(config: LoadedConfig, home: string, options: VerifyOptions): Promise<VerifyReport> {
  const { say, progress, only = [] } = options
  if (!config.checks) throw new ExequaturError('EXQ-7010', config.file)
  const started = performance.now()
  const tools = await config.tools()
  const root = join(home, 'scratch')
  mkdirSync(root, { recursive: true })
  const folder = mkdtempSync(join(root, 'verify-'))
  // As Postgres may have to run as another user.
  chmodSync(folder, 0o755)
  const ends: (() => Promise<unknown>)[] = [async () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 })]
  try {
    say('Starting a scratch stack: Postgres, Temporal, a server, an executor.')
    const { venue, checks } = await openScratchStack(config, tools, { home, folder, say, ends })
    const lines: VerifiedLine[] = []
    const carryOut = async (guarantee: Guarantee) => {
      const line = await tryOne(guarantee, venue)
      lines.push(line)
      progress(line)
    }
    const all = guaranteesOf(
      venue.subjects.map(({ tool }) => tool),
      config.budgets ?? [],
    ).filter(({ of }) => only.length === 0 || only.includes(of))
    for (const { begin } of all) await begin?.(venue)
    for (const guarantee of all) await carryOut(guarantee)
    lines.sort((a, b) => Number(a.guarantee.slice(1)) - Number(b.guarantee.slice(1)))
    const names = [...new Set(tools.map(({ contract }) => contract.name))]
    return {
      deployment: config.deployment,
      tools: names.filter((name) => checks.tools[name]),
      not_checked: names.filter((name) => !checks.tools[name]),
      lines,
      failed: lines.filter(({ result }) => result === 'does not hold'),
      cannot_check: cannotCheck,
      seconds: Math.round((performance.now() - started) / 1_000),
    }
  } finally {
    for (const end of ends.reverse()) await end().catch((error) => say(`Ending: ${String(error)}`))
  }
}

interface Place {
  readonly home: string
  readonly folder: string
  readonly say: Say
  /** What ends what was started, last first. */
  readonly ends: (() => Promise<unknown>)[]
}

async function openScratchStack(
  config: LoadedConfig,
  tools: readonly Tool[],
  { home, folder, say, ends }: Place,
): Promise<{ venue: Venue; checks: ToolChecks }> {
  let checks: ToolChecks = { tools: {} }
  let relay: Relay | null = null
  const [temporal, temporalUi] = await twoFreePorts()
  const stack = await startStack({
    home: folder,
    cache: home,
    alone: true,
    config: writeScratchConfig(config, folder, 'without'),
    say: () => undefined,
    ports: { api: 0, temporal, temporalUi },
    env: {
      executor: async (ownerUrl) => {
        const own = mkdtempSync(join(folder, 'of-checks-'))
        checks = await openChecks(config, { folder: own, database: () => anotherDatabase(ownerUrl) })
        ends.push(async () => checks.close?.())
        const env = mergedEnvironment(checks)
        const relayed = [...new Set(Object.values(checks.tools).flatMap(({ world }) => world.relay ?? []))]
        if (relayed.length === 0) return env
        relay = await openRelay(env, relayed)
        ends.push(relay.close)
        return relay.env
      },
    },
  }).catch((error: unknown) => {
    throw error instanceof ExequaturError ? error : new ExequaturError('EXQ-7011', String(error))
  })
  // After the checks, which may use its Postgres.
  ends.splice(1, 0, () => stack.stop())
  let budgets: Promise<unknown> | undefined
  const venue = await openVenue(config, tools, checks, stack, relay, async () => {
    budgets ??= restartWithBudgets()
    await budgets
  })
  ends.push(venue.close)
  say(`Trying it, by what the checks of ${Object.keys(checks.tools).length} tools give.`)
  return { venue, checks }

  async function restartWithBudgets(): Promise<void> {
    writeScratchConfig(config, folder, 'with')
    await Promise.all([stack.server.restart(), stack.executor.restart()])
  }
}

async function tryOne({ of: guarantee, name, carryOut }: Guarantee, venue: Venue): Promise<VerifiedLine> {
  try {
    await carryOut(venue)
    return { guarantee, name, result: 'holds', seen: null }
  } catch (error) {
    if (error instanceof NotApplicable) return { guarantee, name, result: 'not applicable', seen: error.message }
    const seen = error instanceof Error ? error.message : String(error)
    const could = error instanceof DoesNotHold ? '' : 'it could not be carried out: '
    return { guarantee, name, result: 'does not hold', seen: could + seen }
  }
}

/** One executor runs all tools, so it has one environment. Throws `EXQ-7011` where two worlds want it different. */
function mergedEnvironment(checks: ToolChecks): Record<string, string> {
  const env: Record<string, string> = {}
  for (const [tool, { world }] of Object.entries(checks.tools)) {
    for (const [name, value] of Object.entries(world.env ?? {})) {
      if (env[name] !== undefined && env[name] !== value)
        throw new ExequaturError('EXQ-7011', `${tool}: another check gives ${name} another value`)
      env[name] = value
    }
  }
  return env
}

/** A database beside the ledger, in the same cluster. */
async function anotherDatabase(ownerUrl: string): Promise<string> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    const { rowCount } = await client.query("select from pg_database where datname = 'checks'")
    if (rowCount === 0) await client.query('create database checks')
  } finally {
    await client.end()
  }
  const url = new URL(ownerUrl)
  url.pathname = '/checks'
  return url.href
}
