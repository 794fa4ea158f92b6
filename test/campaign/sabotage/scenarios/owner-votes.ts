import type { Scenario } from '../scenario.js'

/** Whoever owns the agent agrees to what it asks for, before somebody else does. */
export const ownerVotes: Scenario = {
  name: 'the owner of an agent votes',
  play: async ({ ask, vote, executor }) => {
    await executor('executor-1')
    const action = await ask('keyed', ['owner_votes'], 1_100)
    if ((await vote('fred', action)) !== 200) await vote('ann', action)
  },
}
