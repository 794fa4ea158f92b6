import { setTimeout as pause } from 'node:timers/promises'
import type { Asked, Venue } from './venue.js'

/** A call that is kept in the middle. */
export interface InTheCall {
  /**
   * Whether its effect is made, and its answer kept back where there is a relay. Waits for that from now on: for a while, or
   * until it is `over`.
   */
  readonly reached: (over?: () => Promise<boolean>) => Promise<boolean>
  /** Lets go of the answer that was kept back. */
  readonly pass: () => void
}

/** For how long a call is waited for at most, in milliseconds. */
const reachedWithinMs = 20_000
const betweenMs = 20

/** Where there is a relay, keeps back the answer that tells of the effect; else only waits for the effect. */
export function keepInTheCall({ relay }: Pick<Venue, 'relay'>, { made }: Pick<Asked, 'made'>): InTheCall {
  let pass = () => {}
  const kept = new Promise<void>((done) => {
    pass = done
  })
  let isKept = false
  relay?.watch(async () => {
    if ((await made()) === 0) return
    isKept = true
    await kept
  })
  const isReached = async () => (relay ? isKept : (await made()) > 0)
  const reached: InTheCall['reached'] = async (over = async () => false) => {
    const until = performance.now() + reachedWithinMs
    try {
      while (!(await isReached())) {
        if (performance.now() > until || (await over())) return isReached()
        await pause(betweenMs)
      }
      return true
    } finally {
      relay?.watch(null)
    }
  }
  return { reached, pass }
}
