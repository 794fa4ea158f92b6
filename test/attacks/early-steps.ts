import type { Attack } from './attack.js'
import { cancellation, type Room } from './room.js'

export const earlySteps: readonly Attack<Room>[] = [
  {
    rows: ['D7'],
    name: 'a step is executed before anybody decided: no vote is lost by it',
    carryOut: async (room, tally) => {
      const id = await room.ask(cancellation())
      const tool = 'cancel_subscription'
      await room.effect(tool, { action_id: id })
      await room.decide(id)
      for (const round of [1, 2, 1]) await room.effect(tool, { action_id: id, round })
      tally.attempt('it was done', room.downstream.of(id) > 0)
      const recorded = await room.intruders.owner("select from decisions where action_id = $1 and stage = 'intent'", [
        id,
      ])
      tally.attempt('a refusal was recorded', recorded.length > 0)
      const opened = await room.decide(id)
      if (typeof opened === 'string') throw new Error(`nobody is asked: ${opened}`)
      await room.vote('bob', { id: opened.approval_id, digest: opened.envelope_digest })
      const state = await room.goOn(id)
      tally.attempt(`after the vote it is ${state}`, state !== 'committed')
      tally.control('a real vote', room.downstream.of(id) === 1)
    },
  },
]
