import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { effectsIn } from '../../examples/refund-desk/demo/effects.js'
import { openTestDesk, refund, type TestDesk, until } from '../_util/desk.js'
import { type NamespaceWriter, namespaceWriter } from './namespace-writer.js'

let desk: TestDesk
let writer: NamespaceWriter

beforeAll(async () => {
  desk = await openTestDesk('reconciler', { config: new URL('./reconciler.config.ts', import.meta.url).pathname })
  writer = await namespaceWriter(desk)
}, 120_000)
afterAll(async () => {
  await writer?.close()
  await desk?.close()
})

/** A refund that the billing system has applied, and whose answer does not come. */
async function inExecution(amount: number): Promise<{ id: string; workflowId: string }> {
  await desk.fault('billing', {
    match: 'POST /v1/refunds',
    mode: 'hang-after-applying',
    times: 1,
    where: { amount: String(amount) },
  })
  const { body } = await desk.agent.ask('refund_invoice', refund(amount), 0)
  await until('the billing system applied it', async () => (await refundsOf(amount)) === 1)
  return { id: body.id, workflowId: body.workflow.id }
}

const refundsOf = async (amount: number) =>
  (await effectsIn(desk.billing.ledger)).filter((line) => line.effect === 'refund.created' && line.amount === amount)
    .length

const foundOf = async (id: string) =>
  (await desk.rows<{ found: string }>('select found from resumptions where action_id = $1', [id])).map(
    ({ found }) => found,
  )

describe.concurrent('in mid-execution nothing is lost and nothing repeated by', () => {
  test.each([
    ['terminating its run', 'terminated', 2_101, (id: string) => desk.cli.terminate(id)],
    ['deleting it', 'absent', 2_102, (id: string) => desk.cli.delete(id)],
    ['running it into its timeout', 'timed-out', 2_103, (id: string) => writer.timeOut(id)],
    ['completing its run as somebody else', 'completed', 2_104, (id: string) => writer.complete(id)],
  ])(
    '%s',
    async (_what, found, amount, disturb) => {
      const { id, workflowId } = await inExecution(amount)
      await disturb(workflowId)
      expect((await desk.agent.ended(id, 60)).outcome).toBe('succeeded')
      expect(await refundsOf(amount)).toBe(1)
      expect(await foundOf(id)).toContain(found)
    },
    120_000,
  )

  test('resetting it', async () => {
    const { id, workflowId } = await inExecution(2_105)
    await desk.cli.resetBefore(workflowId, 'refund_invoice')
    expect((await desk.agent.ended(id, 60)).outcome).toBe('succeeded')
    expect(await refundsOf(2_105)).toBe(1)
  }, 120_000)
})

describe('the schedule', () => {
  test('compares open actions with running workflows, and says so', async () => {
    const { body } = await desk.agent.ask('refund_invoice', refund(90_000), 1)
    await until('a run of the schedule looked at it', async () => {
      const [row] = await desk.rows<{ run_id: string; looked: number }>('select run_id, looked from reconciliations')
      return row !== undefined && row.run_id !== 'server' && row.looked >= 1
    })
    expect(await foundOf(body.id)).toEqual([])
  }, 60_000)

  test('is made again where it is deleted, and put right where it is paused or changed', async () => {
    await writer.schedule('exequatur-reconcile').delete()
    await until('it is there again', () => writer.isScheduled('exequatur-reconcile'))
    await writer.schedule('exequatur-reconcile').pause('an attack')
    await until('it runs again', async () => !(await writer.schedule('exequatur-reconcile').describe()).state.paused)
    await writer.schedule('exequatur-reconcile').update((was) => ({
      ...was,
      action: { ...was.action, taskQueue: 'elsewhere' } as never,
    }))
    await until('it starts what it should', async () => {
      const { action } = await writer.schedule('exequatur-reconcile').describe()
      return action.type === 'startWorkflow' && action.taskQueue === 'exequatur'
    })
  }, 60_000)

  test('is not all there is: while its runs come to nothing the server looks by itself', async () => {
    const { body } = await desk.agent.ask('refund_invoice', refund(91_000), 1)
    const stop = writer.keepTerminating('reconcile')
    try {
      await until('the server is the last who looked', async () => {
        const [row] = await desk.rows<{ run_id: string }>('select run_id from reconciliations')
        return row?.run_id === 'server'
      })
      await desk.cli.terminate(body.workflow.id)
      await until('its run was begun anew', async () => (await foundOf(body.id)).includes('terminated'))
    } finally {
      await stop()
    }
  }, 90_000)
})
