import { setTimeout as pause } from 'node:timers/promises'
import type { Child } from 'exequatur/dev'
import { type CrashCase, isSentAgain } from './crash-cases.js'
import type { CampaignStack } from './stack/open-stack.js'

/** An executor with a pool of its own, in which crash cases are carried out one after the other. */
export interface CrashLane {
  /**
   * Has the executor killed in the middle of an action, and lets another settle it. False if it ended without getting there, or
   * got further.
   */
  readonly carryOut: (crash: CrashCase, work: CrashWork) => Promise<boolean>
  readonly close: () => void
}

export interface CrashWork {
  readonly subject: string
  /** What is to be done next in this lane. */
  readonly next: CrashCase | undefined
  /** Asks for the action. */
  readonly ask: () => Promise<void>
  /** Whether the ledger has an outcome of the call that is interrupted. */
  readonly isKnown: () => Promise<boolean>
  /** Resolves when the action has ended, or waits for a person. */
  readonly settled: () => Promise<unknown>
}

export function openLane(stack: CampaignStack, lane: string): CrashLane {
  let executor: Child | undefined
  let armed: string | null = null
  let alive = false
  const start = async (point: string | null): Promise<Child> => {
    executor?.kill('SIGKILL')
    const env = { EXEQUATUR_POOL: lane, ...(point && { EXEQUATUR_CRASH_AT: point }) }
    const started = await stack.startExecutor(lane, env)
    executor = started
    armed = point
    alive = true
    void started.exited.then(() => {
      if (executor === started) alive = false
    })
    return started
  }
  return {
    carryOut: async (crash, { subject, next, ask, isKnown, settled }) => {
      const point = wishOf(crash)
      const isReady = alive && armed === point && !isCounted(crash)
      const doomed = executor && isReady ? executor : await start(point)
      const unhear = stack.downstream.onHeld((held) => {
        if (held.subject === subject) doomed.kill('SIGKILL')
      })
      await ask()
      await Promise.race([doomed.exited, settled()])
      unhear()
      const exit = await Promise.race([doomed.exited, pause(200, null)])
      if (exit?.signal !== 'SIGKILL') return false
      const isAsSaid = crash.known || !(await isKnown())
      // Whoever does not come by the next point while it settles this can be the one that dies there.
      await start(next && !isSentAgain(crash) && !isPassedBySettling(next) ? wishOf(next) : null)
      const done = settled().then(() => true)
      for (let over = false; !over; ) {
        over = await Promise.race([done, (executor as Child).exited.then(() => false)])
        if (!over) await start(null)
      }
      return isAsSaid
    },
    close: () => executor?.kill('SIGKILL'),
  }
}

/** What an executor is told, so that it dies there. */
function wishOf({ death }: CrashCase): string | null {
  if (!('at' in death)) return null
  return death.pass === undefined ? death.at : `${death.at}:${death.pass}`
}

/** Looks are part of every settling. */
function isPassedBySettling(crash: CrashCase): boolean {
  return isCounted(crash) || ('at' in crash.death && crash.death.at.startsWith('verification.'))
}

/** Whoever counts passes is to count those of this action alone. */
function isCounted({ death }: CrashCase): boolean {
  return 'at' in death && death.pass !== undefined
}
