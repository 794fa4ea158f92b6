import { setTimeout as pause } from 'node:timers/promises'
import type { Journal } from '../clients/journal.js'
import type { CampaignOptions } from '../options.js'
import type { Parts } from '../parts.js'
import type { Random } from '../random.js'
import type { CampaignStack, Service } from '../stack/open-stack.js'
import type { Fleet } from './fleet.js'
import { operatorOf } from './operator.js'
import { troubles } from './rules.js'
import { stopATool } from './stop-a-tool.js'

/** All that goes wrong while clients ask: drawn from the seed, until `stop`. */
export interface Faults {
  /** Everything has been asked for: all kills are due. */
  readonly finish: () => void
  readonly stop: () => Promise<void>
}

const sharesOfServer = 0.1
// Somebody has to get something done, or nothing is in the middle of anything when it is killed.
const workingMs = { executor: 1_000, server: 15_000 }
const tickMs = 300
const slack = 5
// What was asked for last has not come to its calls yet.
const underWayShare = 0.08
// The others are at random: of processes that do something else, or nothing.
const shareInCalls = 0.85

type Work = (own: Random) => Promise<void> | void

export async function runFaults(
  stack: CampaignStack,
  options: CampaignOptions,
  fleets: { readonly executors: Fleet; readonly servers: Fleet },
  parts: Pick<Parts, 'asked' | 'hold' | 'workflows'>,
  journal: Journal,
  random: Random,
): Promise<Faults> {
  const { executors, servers } = fleets
  const { kills, actions } = options
  let on = true
  const killed = () => executors.killed() + servers.killed()
  const left = () => on && killed() < kills
  // How many are to be dead by now; what holds do not come to is made up for at random.
  let due = 0
  let held = false
  let asked = 0
  let finished = actions === 0
  // Nearly two changes come of an action, and most holds end with a kill.
  await stack.downstream.setRules(troubles(Math.min(0.3, (shareInCalls * kills) / (1.8 * actions))))
  const biased = random.fork('held')
  const unhear = stack.downstream.onHeld(({ held, pid }) => {
    if (left() && biased.chance(0.9)) executors.kill(pid, held)
  })
  const every = (name: string, ms: number, work: Work) => loop(name, ms, () => performance.now(), work)
  // By what was asked for, not by time: on a slow machine nothing would be done between two of them.
  const each = (name: string, requests: number, work: Work) => loop(name, requests, () => asked, work)
  const loops: Promise<void>[] = [
    every('kills', tickMs, (own) => {
      if (left() && killed() < due) killAtRandom(own)
    }),
    every('pace', 1_000, () => {
      asked = parts.asked()
      due = finished ? kills : kills * Math.max(0, asked / actions - underWayShare)
      // Kills and requests come to their ends together, however slow the machine is.
      const behind = left() && killed() + slack < due
      if (behind !== held) parts.hold(behind)
      held = behind
    }),
  ]
  if (options.rough) {
    const operator = operatorOf(stack, random.fork('operator'), journal)
    loops.push(
      each('pauses', 50, (own) => {
        const pids = executors.pids()
        if (pids.length > 0) executors.pause(own.pick(pids), own.between(5_000, 12_000))
      }),
      each('postgres', 110, (own) => outage('postgres', stack.postgres, own.between(0, 2_000))),
      each('temporal', 150, (own) => outage('temporal', stack.temporalServer, own.between(0, 2_000))),
      each('operator', 10, () => operator.meddle(parts.workflows())),
      each('stops', 75, (own) => stopATool(stack, own, journal)),
    )
  }
  return {
    finish: () => {
      finished = true
    },
    stop: async () => {
      on = false
      unhear()
      parts.hold(false)
      await Promise.all(loops)
      await stack.downstream.setRules([])
    },
  }

  function killAtRandom(own: Random): void {
    if (own.chance(sharesOfServer)) {
      const [pid] = servers.pids(workingMs.server)
      if (pid) servers.kill(pid, 'at random')
      return
    }
    const pids = executors.pids(workingMs.executor)
    if (pids.length > 1) executors.kill(own.pick(pids), 'at random')
  }

  /** Does it after `step` of what is measured on average, again and again. */
  async function loop(name: string, step: number, measure: () => number, work: Work): Promise<void> {
    const own = random.fork(name)
    for (;;) {
      const until = measure() + own.next() * 2 * step
      while (on && measure() < until) await pause(100)
      if (!on) return
      await work(own)
    }
  }

  async function outage(of: string, service: Service, ms: number): Promise<void> {
    const at = Date.now()
    await service.kill()
    await pause(ms)
    const until = Date.now()
    await startAtLast(service)
    journal.write({ kind: 'outage', at, until, back: Date.now(), of })
  }
}

/** All that reconnects to it at once may keep a busy machine from seeing that it is there. */
async function startAtLast(service: Service): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await service.start()
    } catch (error) {
      if (tries === 5) throw error
    }
  }
}
