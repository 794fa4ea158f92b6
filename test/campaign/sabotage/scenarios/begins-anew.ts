import type { Scenario } from '../scenario.js'

/** A workflow begins anew while its call waits for an answer, and another while what it did is being looked at. */
export const beginsAnew: Scenario = {
  name: 'workflows are reset in the middle',
  play: async ({ stack, ask, booked, executor, reset }) => {
    await executor('executor-1')
    await stack.downstream.rule(
      { subject: 'anew_keyed', call: 'effect', mode: 'hold-applied', times: 1 },
      { subject: 'anew_blind', call: 'look', mode: 'hold-unapplied', times: 2 },
    )
    const called = await ask('keyed', ['anew_keyed'], 100)
    await booked('anew_keyed')
    await reset(called)
    const looked = await ask('blind', ['anew_blind'], 100)
    await booked('anew_blind')
    await reset(looked)
  },
}
