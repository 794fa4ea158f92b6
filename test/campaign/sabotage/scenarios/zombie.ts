import type { Scenario } from '../scenario.js'

/** An executor falls asleep between its claim and its call, and wakes up when another has done its work. */
export const zombie: Scenario = {
  name: 'an executor sleeps through its call',
  play: async ({ ask, booked, executor, holdIntents }) => {
    const sleeper = await executor('executor-1')
    const held = await holdIntents()
    await ask('queryable', ['zombie'], 100)
    await held.waiting(1)
    sleeper.kill('SIGSTOP')
    await held.release()
    await executor('executor-2')
    await booked('zombie').finally(() => sleeper.kill('SIGCONT'))
  },
}
