import { openLine } from '../cuttable-line.js'
import type { Scenario } from '../scenario.js'

/** An executor falls asleep between its claim and its call, and wakes up when another has done its work. */
export const zombie: Scenario = {
  name: 'an executor sleeps through its call',
  // With one, the claim would be part of a transaction that sleeps too.
  budgets: [],
  play: async ({ stack, ask, booked, executor, holdIntents }) => {
    const line = await openLine(stack.temporal.address)
    const sleeper = await executor('executor-1', { EXEQUATUR_TEMPORAL_ADDRESS: line.address })
    const held = await holdIntents()
    await ask('queryable', ['zombie'], 100)
    await held.waiting(1)
    sleeper.kill('SIGSTOP')
    // Temporal would go on giving tasks to whoever sleeps.
    line.cut()
    await held.release()
    await executor('executor-2')
    await booked('zombie').finally(() => sleeper.kill('SIGCONT'))
  },
}
