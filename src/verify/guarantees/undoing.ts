import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { hold, NotApplicable } from '../../testing/trial.js'
import type { SeenAction } from '../client.js'
import type { Guarantee } from '../guarantee.js'
import { inputOf, told } from '../venue.js'

const beforeStopMs = 6_000

export const undoing: Guarantee = {
  of: 'G5',
  name: 'a plan that cannot go on is undone once, though its agent is stopped, and its next step does not run',
  carryOut: async (venue) => {
    const { relay } = venue
    if (!relay) throw new NotApplicable('no world names a relay, so a plan cannot be stopped between its steps')
    const subject = venue.subjects.find(({ tool }) => tool.effect === 'reversible')
    if (!subject) throw new NotApplicable('no reversible tool has a check')
    const { contract } = subject.tool
    const scope = `agent:${subject.agentName}`
    const next = await inputOf(subject)
    const before = await subject.check.world.effects(next)
    const first = await inputOf(subject)
    const counted = async () => {
      const count = await subject.check.world.effects(first)
      return typeof count === 'number' ? { made: count, undone: null } : { made: count.made, undone: count.undone ?? 0 }
    }
    const start = await counted()
    const made = async () => (await counted()).made - start.made
    let stopping: Promise<unknown> | undefined
    const reached = new Promise<void>((done) => {
      relay.watch(async () => {
        if ((await made()) === 0) return
        stopping ??= venue.people.owner.client
          .post('/v1/stops', { scope, reason: 'a verification', pending: 'end' })
          .then(() => done())
        await stopping
      })
    })
    try {
      const answer = await subject.agent.post<SeenAction>('/v1/actions', {
        plan: {
          steps: [
            { id: 'first', tool: contract.name, args: first },
            { id: 'next', tool: contract.name, args: next },
          ],
        },
        context: {
          request_id: randomUUID(),
          ...Object.fromEntries(contract.binding.map((name) => [name, 'verify'])),
        },
      })
      const asked = { subject, id: answer.body.id, answer, args: first, body: {}, made, undone: async () => 0 }
      if (!asked.id) throw new NotApplicable(`${contract.name}: ${told(asked)}`)
      await venue.approve(asked)
      await Promise.race([reached, pause(beforeStopMs)])
      relay.watch(null)
      if (!stopping) {
        const { explanation } = await venue.now(asked)
        throw new NotApplicable(`${contract.name} did not run: ${explanation ?? 'it took too long'}`)
      }
      const { outcome } = await venue.ended(asked, 60)
      hold((await made()) === 1, `its first step had ${await made()} effects`)
      const { undone } = await counted()
      hold(undone === null || undone - (start.undone ?? 0) === 1, `its first step was undone ${undone} times`)
      const after = await subject.check.world.effects(next)
      hold(JSON.stringify(after) === JSON.stringify(before), 'its next step had effects')
      hold(outcome === 'compensated', `it ended ${outcome}`)
    } finally {
      relay.watch(null)
      if (stopping) await venue.resume(scope)
    }
  },
}
