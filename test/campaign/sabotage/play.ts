import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { collect } from '../collect.js'
import { rulesOf } from '../rules-of-run.js'
import { waitUntilSettled, writeFinal } from '../settle.js'
import { type CampaignStack, openStack, untilReady } from '../stack/open-stack.js'
import type { Scenario } from './scenario.js'
import { type ScenarioName, scenarios } from './scenarios/index.js'
import { openStage } from './stage.js'

const settleWithinS = 120
// What comes too late, as a call of somebody who slept, comes after all has settled.
const afterwardsMs = 2_000

/** `node --import tsx test/campaign/sabotage/play.ts <scenario>` plays one on the tree it is in; prints where the evidence is. */
const [name = ''] = process.argv.slice(2)
const scenario: Scenario | undefined = scenarios[name as ScenarioName]
if (!scenario) throw new Error(`there is no scenario ${name}`)
let stack: CampaignStack | undefined
process.once('SIGTERM', () => void (stack?.close() ?? Promise.resolve()).finally(() => process.exit(1)))
try {
  stack = await play(scenario)
  console.log(JSON.stringify({ folder: stack.home }))
} finally {
  await stack?.close()
}
process.exit()

async function play({ budgets, env = {}, play }: Scenario): Promise<CampaignStack> {
  const options = { actions: 0, kills: 0, seed: name, commit: '', race: false, matrix: 1 }
  const canary = `canary-${name}`
  const usual = rulesOf({ ...options, minutes: 0, name, rough: false }, canary)
  const { CAMPAIGN_APPROVAL_TTL: ttl } = env
  const rules = {
    ...{ ...usual, crash_points: [], settle_within_s: settleWithinS },
    ...(ttl && { approval_ttl_ms: Number.parseInt(ttl, 10) * 1_000 }),
    ...(budgets && { budgets }),
  }
  const wishes = { name: 'sabotage', seed: name, secret: canary, budgets: JSON.stringify(rules.budgets), env }
  stack = await openStack(wishes)
  await writeFile(join(stack.home, 'rules.json'), JSON.stringify({ rules, options }))
  await untilReady(stack.api)
  const started = Date.now()
  const stage = openStage(stack)
  await play(stage)
  const settling = { withinSeconds: settleWithinS, peopleDecide: false }
  await writeFinal(stack.home, await waitUntilSettled(stack, stage.asked, settling))
  await pause(afterwardsMs)
  stage.close()
  await collect(stack, canary)
  await writeFile(join(stack.home, 'took.json'), JSON.stringify({ ms: Date.now() - started }))
  return stack
}
