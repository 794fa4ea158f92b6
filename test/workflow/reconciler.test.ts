import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { effectsIn } from '../../examples/refund-desk/demo/effects.js'
import { openTestDesk, refund, type TestDesk, until } from '../_util/desk.js'
import { type Impostor, type NamespaceWriter, namespaceWriter } from './namespace-writer.js'

let desk: TestDesk
let writer: NamespaceWriter
let impostor: Impostor

beforeAll(async () => {
  desk = await openTestDesk('reconciler', { config: new URL('./reconciler.config.ts', import.meta.url).pathname })
  writer = await namespaceWriter(desk)
  // Before there is anything in execution, which ends by itself in a while.
  impostor = await writer.openImpostor()
})
afterAll(async () => {
  await impostor?.close()
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
    ['terminating its run', ['terminated'], 2_101, (id: string) => desk.cli.terminate(id)],
    // What is deleted is terminated before that.
    ['deleting it', ['absent', 'terminated'], 2_102, (id: string) => desk.cli.delete(id)],
    ['running it into its timeout', ['timed-out'], 2_103, (id: string) => writer.timeOut(id)],
    ['completing its run as somebody else', ['completed'], 2_104, (id: string) => impostor.complete(id)],
  ])('%s', async (_what, found, amount, disturb) => {
    const { id, workflowId } = await inExecution(amount)
    await disturb(workflowId)
    expect((await desk.agent.ended(id, 60)).outcome).toBe('succeeded')
    expect(await refundsOf(amount)).toBe(1)
    expect((await foundOf(id)).some((each) => found.includes(each))).toBe(true)
  })

  test('resetting it', async () => {
    const { id, workflowId } = await inExecution(2_105)
    await desk.cli.resetBefore(workflowId, 'refund_invoice')
    expect((await desk.agent.ended(id, 60)).outcome).toBe('succeeded')
    expect(await refundsOf(2_105)).toBe(1)
  })
})

describe('the schedule', () => {
  test('compares open actions with running workflows, and says so', async () => {
    const { body } = await desk.agent.ask('refund_invoice', refund(90_000), 1)
    await until('a run of the schedule looked at it', async () => {
      const [row] = await desk.rows<{ run_id: string; looked: number }>('select run_id, looked from reconciliations')
      return row !== undefined && row.run_id !== 'server' && row.looked >= 1
    })
    expect(await foundOf(body.id)).toEqual([])
  })

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
  })

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
  })
})

describe('a server', () => {
  test('takes requests although its warm-up is held up', async () => {
    const release = await writer.occupy('exequatur-warm-up')
    try {
      await desk.stack.server.kill('SIGKILL')
      await desk.stack.server.restart()
      expect((await desk.agent.ask('get_invoice', { invoice_id: 'in_123' })).body.outcome).toBe('succeeded')
    } finally {
      await release()
    }
  })
})

describe('an effect in the billing system', () => {
  const shadows = async () => {
    const { body } = await desk.person('ann').get('/v1/shadow-effects')
    return (body as unknown as { readonly items: readonly Shadow[] }).items
  }
  interface Shadow {
    readonly id: string
    readonly kind: string
    readonly effect_id: string
    readonly action_id: string | null
    readonly acknowledged: { readonly by: string } | null
  }
  /** A refund that somebody makes past us. */
  const refundPastUs = async (amount: number, metadata: Record<string, string> = {}): Promise<string> => {
    const invoice = await billing(`invoices/in_bulk?expand[]=payments`)
    const body = new URLSearchParams({
      payment_intent: invoice.payments.data[0].payment.payment_intent,
      amount: String(amount),
      ...Object.fromEntries(Object.entries(metadata).map(([name, value]) => [`metadata[${name}]`, value])),
    })
    return (await billing('refunds', body)).id
  }
  const billing = async (path: string, body?: URLSearchParams) => {
    const headers = { authorization: 'Bearer sk_test_refund_desk' }
    const answer = await fetch(`${desk.billing.url}/v1/${path}`, { headers, ...(body && { method: 'POST', body }) })
    if (!answer.ok) throw new Error(await answer.text())
    // biome-ignore lint/suspicious/noExplicitAny: what the stand-in answers
    return (await answer.json()) as any
  }

  test('that no action explains is reported once, until somebody who may says why it is there', async () => {
    const { body } = await desk.agent.ask('refund_invoice', refund(3_000))
    expect(body.outcome).toBe('succeeded')
    const effect_id = await refundPastUs(3_001)
    await until('it is reported', async () => (await shadows()).some((shadow) => shadow.effect_id === effect_id))
    const found = (await shadows()).filter((shadow) => shadow.effect_id === effect_id)
    expect(found).toMatchObject([{ kind: 'unexplained', action_id: null, acknowledged: null }])
    expect((await shadows()).map(({ action_id }) => action_id)).not.toContain(body.id)
    const path = `/v1/shadow-effects/${found[0]?.id}/acknowledgements`
    expect((await desk.person('olga').post(path, { reason: 'mine' })).status).toBe(403)
    expect((await desk.agent.post(path, { reason: 'mine' })).status).toBe(404)
    expect((await desk.person('ann').post(path, { reason: 'made in the dashboard' })).body).toMatchObject({
      acknowledged: { by: 'person:ann' },
    })
    expect((await shadows()).map(({ id }) => id)).not.toContain(found[0]?.id)
    const last = await desk.person('ann').get('/v1/reconciliation')
    expect((last.body as unknown as { effects: unknown }).effects).toMatchObject([
      { tool: 'refund_invoice', problem: null },
    ])
  })

  test('under the key of an action that was refused contradicts it, and is handed over to people', async () => {
    await desk.fault('billing', { match: 'POST /v1/refunds', mode: 'refuse', times: 1, where: { amount: '3100' } })
    const { body } = await desk.agent.ask('refund_invoice', refund(3_100))
    expect(body.outcome).toBe('failed')
    const [intent] = await desk.rows<{ key: string }>(
      `select idempotency_key as key from intents where action_id = $1 and phase = 'execute'`,
      [body.id],
    )
    const effect_id = await refundPastUs(3_100, { exequatur_key: intent?.key ?? '' })
    await until('it is reported', async () => (await shadows()).some((shadow) => shadow.effect_id === effect_id))
    expect((await shadows()).filter((shadow) => shadow.effect_id === effect_id)).toMatchObject([
      { kind: 'contradicts', action_id: body.id },
    ])
    const attentions = () => desk.rows('select step, reason from attentions where action_id = $1', [body.id])
    await until('people are asked about it', async () => (await attentions()).length > 0)
    expect(await attentions()).toEqual([{ step: 'step1', reason: 'late' }])
  })

  test('is not looked for while its tool is stopped', async () => {
    const looks = async () => (await desk.rows('select from effect_looks')).length
    await desk.person('omar').post('/v1/stops', { scope: 'tool:refund_invoice', reason: 'fire' })
    const before = await looks()
    await new Promise((done) => setTimeout(done, 5_000))
    expect(await looks()).toBe(before)
    await desk.person('omar').post('/v1/stops/tool:refund_invoice/resume', { reason: 'it is out' })
    await until('it is looked for again', async () => (await looks()) > before)
  })
})
