import { setTimeout as pause } from 'node:timers/promises'
import { hold } from '../../testing/trial.js'
import type { Guarantee } from '../guarantee.js'
import { approvalTtlMs } from '../scratch-config.js'
import type { Venue } from '../venue.js'

/** Asks for something when it is begun, and looks at it when its time is over: meanwhile other things are tried. */
export function expiry(): Guarantee {
  let held: ReturnType<Venue['held']>
  let began = 0
  return {
    of: 'G2',
    name: 'an approval that has expired lets nothing happen',
    begin: async (venue) => {
      began = performance.now()
      held = venue.held()
      await held.catch(() => undefined)
    },
    carryOut: async (venue) => {
      const asked = await held
      await pause(Math.max(0, approvalTtlMs + 500 - (performance.now() - began)))
      await venue.approve(asked)
      await venue.nothing(asked, 'approved after its time')
      const { outcome } = await venue.ended(asked, 10)
      hold(outcome === 'expired', `it ended ${outcome}`)
    },
  }
}
