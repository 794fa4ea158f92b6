import type { Scenario } from '../scenario.js'

const many = 6

/** More calls than a budget allows come to be let through at the same moment. */
export const budgetRace: Scenario = {
  name: 'six at once against a budget for two',
  budgets: [{ name: 'slots', of: 'writes', limit: 2, tools: ['pay_by_key'] }],
  play: async ({ ask, executor, holdIntents }) => {
    await executor('executor-1')
    const held = await holdIntents()
    for (let index = 1; index <= many; index += 1) await ask('keyed', [`race_${index}`], 100)
    await held.waiting(many)
    await held.release()
  },
}
