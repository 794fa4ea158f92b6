import { setTimeout as pause } from 'node:timers/promises'
import type { Asked, Venue } from './venue.js'

/** A call that is kept in the middle. */
export interface InTheCall {
  /** Resolves when its effect is made, or after a while if it is not. */
  readonly reached: Promise<void>
  /** Lets go of the answer that was kept back. */
  readonly pass: () => void
}

const reachedWithinMs = 6_000

/** Where there is a relay, keeps back the answer that tells of the effect; else only waits for the effect. */
export function keepInTheCall({ relay }: Pick<Venue, 'relay'>, { made }: Pick<Asked, 'made'>): InTheCall {
  let pass = () => {}
  const kept = new Promise<void>((done) => {
    pass = done
  })
  const reached = relay
    ? new Promise<void>((done) => {
        relay.watch(async () => {
          if ((await made()) === 0) return
          done()
          await kept
        })
      })
    : untilMade(made)
  const stopWatching = () => relay?.watch(null)
  return { reached: Promise.race([reached, pause(reachedWithinMs)]).then(stopWatching), pass }
}

async function untilMade(made: () => Promise<number>): Promise<void> {
  const until = performance.now() + reachedWithinMs
  while (performance.now() < until && (await made()) === 0) await pause(5)
}
