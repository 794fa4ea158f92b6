import { hold, NotApplicable } from '../../testing/trial.js'
import type { SeenAction } from '../client.js'
import type { Guarantee } from '../guarantee.js'
import { inputOf } from '../venue.js'

export const admission: readonly Guarantee[] = [
  {
    of: 'G1',
    name: 'the same request again is the same action, and another body under its id is refused',
    carryOut: async (venue) => {
      const asked = await venue.held()
      const { agent } = asked.subject
      const again = await agent.post<SeenAction>('/v1/actions', asked.body)
      hold(again.body.id === asked.id, `asked again, it is the action ${again.body.id} instead of ${asked.id}`)
      const args = await inputOf(asked.subject)
      if (JSON.stringify(args) === JSON.stringify(asked.args))
        throw new NotApplicable('the input of the check is always the same, so there is no other body')
      const other = await agent.post<SeenAction>('/v1/actions', { ...asked.body, args })
      hold(other.status === 422, `another body under its id was answered ${other.status}`)
      await venue.nothing(asked, 'asked for twice')
    },
  },
  {
    of: 'G1',
    name: 'what an agent asked for is not there for another agent, nor for another tenant',
    carryOut: async (venue) => {
      const asked = await venue.held()
      for (const stranger of venue.people.strangers) {
        const looks = await stranger.get(`/v1/actions/${asked.id}`)
        hold(looks.status === 404 || looks.status === 403, `a stranger who looked was answered ${looks.status}`)
        const cancels = await stranger.post(`/v1/actions/${asked.id}/cancel`, {})
        hold(cancels.status >= 400, `a stranger who cancelled was answered ${cancels.status}`)
        const votes = await stranger.post(`/v1/approvals/${asked.approvalId}/votes`, {
          vote: 'approve',
          reason: 'mine',
        })
        hold(votes.status >= 400, `a stranger who approved was answered ${votes.status}`)
      }
      hold((await venue.now(asked)).outcome === null, 'a stranger ended it')
      await venue.nothing(asked, 'approved by strangers')
    },
  },
]
