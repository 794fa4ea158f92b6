import { randomUUID } from 'node:crypto'
import type { Attack, Tally } from './attack.js'
import { type AttackedDesk, pause } from './attacked-desk.js'

/** Resets to every event of the history that stands now; those the server will not reset to are tries too. */
async function resetToEvery(
  desk: AttackedDesk,
  workflowId: string,
  settled: () => Promise<void>,
  won: () => Promise<boolean>,
  tally: Tally,
): Promise<number> {
  const { events } = await desk.cli.history(workflowId)
  const { runId } = await desk.temporal.workflow.getHandle(workflowId).describe()
  let accepted = 0
  for (const { eventId } of events) {
    const reset = await desk.temporal.workflowService
      .resetWorkflowExecution({
        namespace: desk.stack.temporal.namespace,
        workflowExecution: { workflowId, runId },
        workflowTaskFinishEventId: eventId as never,
        reason: 'an attack',
        requestId: randomUUID(),
      })
      .then(
        () => true,
        () => false,
      )
    if (reset) {
      accepted += 1
      await settled()
    }
    tally.attempt(`event ${eventId}`, await won())
  }
  return accepted
}

const ended = (desk: AttackedDesk, id: string) => async () => {
  await desk.temporal.workflow.getHandle(id).result()
}

export const resets: readonly Attack<AttackedDesk>[] = [
  {
    rows: ['D4'],
    name: 'a run that committed a refund is reset to each of its events',
    carryOut: async (desk, tally) => {
      const target = await desk.begin()
      await desk.agent.ended(target.id)
      const won = async () => (await desk.refunded(target.amount)) !== 1 || (await desk.undone(target.amount)) > 0
      const accepted = await resetToEvery(desk, target.workflow.id, ended(desk, target.workflow.id), won, tally)
      if (accepted < 3) throw new Error(`only ${accepted} resets were accepted`)
      tally.control('its outcome stands', (await desk.outcome(target.id)) === 'succeeded')
    },
  },
  {
    rows: ['D4'],
    name: 'a run of two steps that were undone is reset to each of its events',
    carryOut: async (desk, tally) => {
      const [one, two] = [desk.nextAmount(), desk.nextAmount()]
      await desk.fault('billing', {
        match: 'POST /v1/refunds',
        mode: 'refuse',
        times: 1,
        where: { amount: String(two) },
      })
      const args = (amount_cents: number) => ({ invoice_id: 'in_bulk', reason_code: 'service_issue', amount_cents })
      const { body } = await desk.agent.post('/v1/actions', {
        plan: {
          steps: [
            { id: 'one', tool: 'refund_invoice', args: args(one) },
            { id: 'two', tool: 'refund_invoice', args: args(two) },
          ],
        },
        context: { request_id: randomUUID(), ticket_id: 'zd_1' },
      })
      const { outcome, workflow } = await desk.agent.ended(body.id)
      const won = async () =>
        (await desk.refunded(one)) !== 1 || (await desk.undone(one)) !== 1 || (await desk.refunded(two)) > 0
      const accepted = await resetToEvery(desk, workflow.id, ended(desk, workflow.id), won, tally)
      if (accepted < 3) throw new Error(`only ${accepted} resets were accepted`)
      tally.control('it was compensated, and stays so', outcome === 'compensated')
    },
  },
  {
    rows: ['D4'],
    name: 'a run that waits for people is reset to each of its events',
    carryOut: async (desk, tally) => {
      const target = await desk.hold()
      const won = async () => (await desk.refunded(target.amount)) > 0
      const accepted = await resetToEvery(desk, target.workflow.id, () => pause(300), won, tally)
      if (accepted < 1) throw new Error('no reset was accepted')
      tally.control('a real vote', (await desk.approveAndEnd(target)).outcome === 'succeeded')
      tally.control('one refund', (await desk.refunded(target.amount)) === 1)
    },
  },
]
