import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { openJournal } from './clients/journal.js'
import { collect } from './collect.js'
import { openFleet } from './faults/fleet.js'
import { runFaults } from './faults/run-faults.js'
import type { CampaignOptions } from './options.js'
import { type Parts, startParts } from './parts.js'
import { seeded } from './random.js'
import { rulesOf } from './rules-of-run.js'
import { waitUntilSettled } from './settle.js'
import { openStack, untilReady } from './stack/open-stack.js'

const executorsAtOnce = 3

/** One campaign, from an empty stack to a folder full of evidence; resolves to that folder. */
export async function runCampaign(options: CampaignOptions, say: (line: string) => void): Promise<string> {
  const random = seeded(options.seed)
  const canary = `canary-${options.seed}-${random.between(100_000, 999_999)}`
  const rules = rulesOf(options, canary)
  const budgets = JSON.stringify(rules.budgets)
  const stack = await openStack({ name: options.name, seed: options.seed, secret: canary, budgets })
  let parts: Parts | undefined
  try {
    const faultJournal = openJournal(join(stack.home, 'faults.jsonl'))
    const servers = await openFleet('server', 1, async () => stack.server, faultJournal)
    const executors = await openFleet('executor', executorsAtOnce, (name) => stack.startExecutor(name), faultJournal)
    await untilReady(stack.api)
    await writeFile(join(stack.home, 'rules.json'), JSON.stringify({ rules, options }))
    say(
      `the stack runs in ${stack.home}; asking for ${options.actions} actions in ${options.minutes.toFixed(1)} minutes`,
    )
    const started = Date.now()
    parts = await startParts(stack, options)
    const faults = await runFaults(stack, options, { executors, servers }, parts.workflows, faultJournal, random)
    const tell = setInterval(() => {
      const killed = executors.killed() + servers.killed()
      say(`${Math.round((Date.now() - started) / 1_000)} s: ${parts?.asked()} asked for, ${killed} killed`)
    }, 30_000)
    await parts.clientsDone
    // The kills that are left are made while what was asked for last is still under way.
    const late = Date.now() + 60_000
    while (executors.killed() + servers.killed() < options.kills && Date.now() < late) await pause(500)
    clearInterval(tell)
    await faults.stop()
    await Promise.all([executors.whole(), servers.whole()])
    await untilReady(stack.api)
    say('the faults have stopped; waiting until everything has ended, or waits for a person')
    await waitUntilSettled(stack, parts.acknowledged(), rules.settle_within_s)
    await parts.stop()
    await collect(stack, canary)
    await writeFile(join(stack.home, 'took.json'), JSON.stringify({ ms: Date.now() - started }))
    return stack.home
  } finally {
    await parts?.stop()
    await stack.close()
  }
}
