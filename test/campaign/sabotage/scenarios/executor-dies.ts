import type { Scenario } from '../scenario.js'

/** An executor is killed with requests that the downstream has carried out and not answered; another takes over. */
export const executorDies: Scenario = {
  name: 'an executor dies around its calls',
  play: async ({ stack, ask, vote, booked, executor, killed }) => {
    const subjects = { keyed: 'die_keyed', queryable: 'die_queryable', blind: 'die_blind' } as const
    const held = new Set<string>()
    const doomed = await executor('executor-1')
    const all = new Promise<void>((done) => {
      stack.downstream.onHeld(({ subject }) => {
        held.add(subject)
        if (held.size === 3) done()
      })
    })
    for (const subject of Object.values(subjects))
      await stack.downstream.rule({ subject, call: 'effect', mode: 'hold-applied', times: 1 })
    const approved = await ask('keyed', [subjects.keyed], 1_100)
    await vote('ann', approved)
    await Promise.all([
      booked(subjects.keyed),
      ask('queryable', [subjects.queryable], 100),
      ask('blind', [subjects.blind], 100),
    ])
    await all
    doomed.kill('SIGKILL')
    killed(doomed.pid)
    await executor('executor-2')
  },
}
