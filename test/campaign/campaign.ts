import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { openJournal } from './clients/journal.js'
import { collect } from './collect.js'
import { runMatrix } from './crash-matrix.js'
import { openFleet } from './faults/fleet.js'
import { runFaults } from './faults/run-faults.js'
import { fillBudget } from './fill.js'
import type { CampaignOptions } from './options.js'
import { type Parts, startParts } from './parts.js'
import { seeded } from './random.js'
import { rulesOf } from './rules-of-run.js'
import { waitUntilSettled, writeFinal } from './settle.js'
import { type CampaignStack, openStack, untilReady } from './stack/open-stack.js'

type Say = (line: string) => void

const executorsAtOnce = 6

/** One campaign, from an empty stack to a folder full of evidence; resolves to that folder. */
export async function runCampaign(options: CampaignOptions, say: Say): Promise<string> {
  const random = seeded(options.seed)
  const canary = `canary-${options.seed}-${random.between(100_000, 999_999)}`
  const rules = rulesOf(options, canary)
  const budgets = JSON.stringify(rules.budgets)
  const env = { CAMPAIGN_APPROVAL_TTL: `${rules.approval_ttl_ms / 1_000}s` }
  const stack = await openStack({ name: options.name, seed: options.seed, secret: canary, budgets, env })
  let parts: Parts | undefined
  try {
    await writeFile(join(stack.home, 'rules.json'), JSON.stringify({ rules, options }))
    say(`the stack runs in ${stack.home}`)
    const started = Date.now()
    await untilReady(stack.api)
    parts = await startParts(stack, options)
    const end = await (options.matrix > 0 ? crashEverywhere(stack, options, say) : attack(stack, options, parts, say))
    await untilReady(stack.api)
    say('the faults have stopped; waiting until everything has ended, or waits for a person')
    const settling = { withinSeconds: rules.settle_within_s, peopleDecide: rules.people_decide }
    const settled = await waitUntilSettled(stack, parts.acknowledged(), settling)
    // Only what has come to an end, by machine or by people, has given back what it had reserved.
    const further = options.race ? await waitUntilSettled(stack, await fillBudget(stack), settling) : []
    await writeFinal(stack.home, [...settled, ...further])
    await parts.stop()
    // What is read now, one after the other, has to be of one moment.
    await end()
    await collect(stack, canary)
    await writeFile(join(stack.home, 'took.json'), JSON.stringify({ ms: Date.now() - started }))
    return stack.home
  } finally {
    await parts?.stop()
    await stack.close()
  }
}

/** Everything goes wrong at random while clients ask; resolves to what ends the executors. */
async function attack(
  stack: CampaignStack,
  options: CampaignOptions,
  parts: Parts,
  say: Say,
): Promise<() => Promise<void>> {
  const journal = openJournal(join(stack.home, 'faults.jsonl'))
  const servers = await openFleet('server', 1, async () => stack.server, journal)
  const executors = await openFleet('executor', executorsAtOnce, (name) => stack.startExecutor(name), journal)
  const random = seeded(`${options.seed}/faults`)
  const faults = await runFaults(stack, options, { executors, servers }, parts, journal, random)
  const started = Date.now()
  const killed = () => executors.killed() + servers.killed()
  const tell = setInterval(() => {
    say(`${Math.round((Date.now() - started) / 1_000)} s: ${parts.asked()} asked for, ${killed()} killed`)
  }, 30_000)
  await parts.clientsDone
  faults.finish()
  // The kills that are left are made while what was asked for last is still under way.
  const late = Date.now() + 120_000
  while (killed() < options.kills && Date.now() < late) await pause(500)
  clearInterval(tell)
  await faults.stop()
  await Promise.all([executors.whole(), servers.whole()])
  return executors.end
}

/** Server and executor die at one point after the other; resolves to what ends the executor. */
async function crashEverywhere(
  stack: CampaignStack,
  { matrix }: CampaignOptions,
  say: Say,
): Promise<() => Promise<void>> {
  const start = {
    server: stack.startServer,
    executor: (env: NodeJS.ProcessEnv) => stack.startExecutor('executor-1', env),
  }
  return runMatrix(stack, start, matrix, say)
}
