import { join, resolve } from 'node:path'
import { clearHome } from 'exequatur/dev'
import pc from 'picocolors'
import { effectsIn } from './demo/effects.js'
import { createNarrator } from './demo/narrator.js'
import * as scenes from './demo/scenes.js'
import { approveInSlack } from './demo/slack-scene.js'
import { type Desk, openDesk } from './desk.js'
import { aborted, stopping } from './stopping.js'

/** The main job, told: every scene on the real stack, in a home of its own that each run begins anew. */
const cache = resolve(process.env.EXEQUATUR_HOME || '.exequatur')
const home = join(cache, 'demo')
const say = (line: string) => console.error(pc.dim(line))
const stop = stopping()
let desk: Desk | undefined
void aborted(stop).then(() => desk?.close().finally(() => process.exit(130)))

try {
  say('Starting the embedded stack: Postgres, Temporal, server, executor, and the systems the tools act on.')
  await clearHome(home)
  desk = await openDesk({ home, cache, say, signal: stop })
  const stage = scenes.setStage(desk, createNarrator(console.log))
  await scenes.readInvoice(stage)
  await scenes.refundSmall(stage)
  await scenes.refundLarge(stage)
  await approveInSlack(stage)
  await scenes.deleteCustomer(stage)
  await scenes.undoPlan(stage)
  await scenes.killExecutor(stage)
  await scenes.findSilentFailure(stage)
  await scenes.resetRun(stage)
  await scenes.stopAgent(stage)
  await scenes.showTrails(stage)
  const effects = await effectsIn(desk.billing.ledger)
  console.log(`\n${pc.bold('The billing system counted for itself')} (${desk.billing.ledger}):`)
  const lines = effects.map(({ effect, invoice, amount, id }) => `${effect} ${invoice ?? id} ${amount ?? ''}`.trimEnd())
  for (const line of new Set(lines)) {
    const times = lines.filter((other) => other === line).length
    console.log(`   ${line}${times > 1 ? `, ${times} times` : ''}`)
  }
  console.log(pc.green('\nAll of it held. Next: npm start, and the request in the README.'))
} catch (error) {
  console.error(pc.red(error instanceof Error ? error.message : String(error)))
  process.exitCode = 1
} finally {
  await desk?.close()
}
