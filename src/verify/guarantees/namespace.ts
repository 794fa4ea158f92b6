import { randomUUID } from 'node:crypto'
import { hold, NotApplicable } from '../../testing/trial.js'
import type { Guarantee } from '../guarantee.js'
import { keepInTheCall } from '../in-the-call.js'
import type { Venue } from '../venue.js'

/** An approved action that has had its effect. */
async function done(venue: Venue) {
  const asked = await venue.held()
  await venue.approve(asked)
  const action = await venue.ended(asked)
  if (action.outcome !== 'succeeded') throw new Error(`approved rightly it ended ${action.outcome}`)
  return { asked, workflowId: action.workflow.id }
}

export const namespace: readonly Guarantee[] = [
  {
    of: 'G10',
    name: 'a run that had its effect has no second one, to whatever event it is reset',
    carryOut: async (venue) => {
      const { asked, workflowId } = await done(venue)
      const handle = venue.temporal.workflow.getHandle(workflowId)
      const { events } = await handle.fetchHistory()
      const { runId } = await handle.describe()
      let accepted = 0
      for (const { eventId } of events ?? []) {
        const reset = await venue.temporal.workflowService
          .resetWorkflowExecution({
            namespace: venue.stack.temporal.namespace,
            workflowExecution: { workflowId, runId },
            workflowTaskFinishEventId: eventId as never,
            reason: 'a verification',
            requestId: randomUUID(),
          })
          .then(
            () => true,
            () => false,
          )
        if (!reset) continue
        accepted += 1
        await handle.result().catch(() => undefined)
        const made = await asked.made()
        hold(made === 1, `reset to event ${eventId}, it had ${made} effects`)
      }
      if (accepted === 0) throw new Error('Temporal accepted no reset')
      const undone = await asked.undone()
      hold(undone === 0, `it was undone ${undone} times`)
    },
  },
  {
    of: 'G10',
    name: 'signals, a cancellation and a termination from the namespace let nothing happen, and lose nothing',
    carryOut: async (venue) => {
      const asked = await venue.held()
      const { workflow } = await venue.now(asked)
      const handle = () => venue.temporal.workflow.getHandle(workflow.id)
      for (const payload of [[], [true], [{ approved: true }]]) await handle().signal('approval', ...payload)
      await handle().cancel()
      await venue.nothing(asked, 'signalled and cancelled from the namespace')
      await handle().terminate('a verification')
      await venue.nothing(asked, 'terminated')
      await venue.approve(asked)
      const { outcome } = await venue.ended(asked, 60)
      hold(outcome === 'succeeded', `terminated while it waited and then approved, it ended ${outcome}`)
      const made = await asked.made()
      hold(made === 1, `it had ${made} effects`)
    },
  },
  {
    of: 'G10',
    name: 'a run that is terminated in the middle of its call has one effect, and is told as it is',
    carryOut: async (venue) => {
      if (!venue.relay) throw new NotApplicable('no world names a relay, so a call cannot be kept in the middle')
      const asked = await venue.held()
      const { reached, pass } = keepInTheCall(venue, asked)
      try {
        await venue.approve(asked)
        if (!(await reached()))
          throw new NotApplicable(`${asked.subject.tool.contract.name}: its effect was not made in time`)
        const { workflow } = await venue.now(asked)
        await venue.temporal.workflow.getHandle(workflow.id).terminate('a verification')
      } finally {
        pass()
      }
      const { outcome } = await venue.ended(asked, 60)
      const made = await asked.made()
      hold(made === 1, `it had ${made} effects`)
      hold(outcome === 'succeeded', `it ended ${outcome}`)
    },
  },
]
