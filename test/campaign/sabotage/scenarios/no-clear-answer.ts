import { setTimeout as pause } from 'node:timers/promises'
import type { Scenario } from '../scenario.js'

// Longer than a call is waited for; when it is applied after all, whoever called has looked.
const lateMs = 8_000

/** The downstream resets a connection after it did its work, applies a request late, and lies. */
export const noClearAnswer: Scenario = {
  name: 'the downstream gives no clear answers',
  play: async ({ stack, ask, executor }) => {
    await executor('executor-1')
    await stack.downstream.rule(
      { subject: 'unclear_blind', call: 'effect', mode: 'reset-applied', times: 1 },
      { subject: 'unclear_late', call: 'effect', mode: 'late', times: 1, delay_ms: lateMs },
      { subject: 'unclear_lie', call: 'effect', mode: 'lie', times: 1 },
    )
    await ask('blind', ['unclear_blind'], 100)
    await ask('queryable', ['unclear_late'], 100)
    await ask('queryable', ['unclear_lie', 'unclear_refused'], 100)
    // It is to be applied before all is judged, however soon all has ended.
    await pause(lateMs + 2_000)
  },
}
