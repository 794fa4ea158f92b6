import type { Scenario } from '../scenario.js'

/** Two runs of one action come to use up its approval at the same moment. */
export const twoAtOnce: Scenario = {
  name: 'one approval is used up by two at once',
  play: async ({ ask, vote, executor, holdIntents, reset }) => {
    await executor('executor-1')
    const held = await holdIntents()
    const action = await ask('blind', ['at_once'], 1_100)
    await vote('ann', action)
    await held.waiting(1)
    await reset(action)
    await held.waiting(2)
    await held.release()
  },
}
