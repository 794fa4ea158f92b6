import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Action, openTestDesk, refund, type TestDesk, until } from '../_util/desk.js'

let desk: TestDesk
beforeAll(async () => {
  desk = await openTestDesk('recovery')
})
afterAll(() => desk?.close())

/** An invoice of its own, whose refund of this amount meets a fault of the billing system, once. */
async function troubled(amount: number, mode: string): Promise<string> {
  const where = { amount: String(amount) }
  await desk.fault('billing', { match: 'POST /v1/refunds', mode, times: 1, where })
  return desk.invoice()
}

/** Asks for a refund that the billing system applies, and leaves unanswered. */
async function unanswered(amount: number): Promise<{ readonly invoice: string; readonly action: Action }> {
  const invoice = await troubled(amount, 'hang-after-applying')
  const { body } = await desk.agent.ask('refund_invoice', refund(amount, invoice), 0)
  await until('the billing system applied it', async () => (await desk.refunds(invoice)) === 1)
  return { invoice, action: body }
}

/** An action that waits for people, on an invoice of its own. */
async function held(
  amount: number,
  request_id?: string,
): Promise<{ readonly invoice: string; readonly action: Action }> {
  const invoice = await desk.invoice()
  const { body } = await desk.agent.ask('refund_invoice', refund(amount, invoice), 1, request_id)
  await until('approval is asked for', async () => (await read(body.id)).approval !== null)
  return { invoice, action: await read(body.id) }
}

const read = async (id: string) => (await desk.agent.get(`/v1/actions/${id}`)).body
const runEnded = (id: string, runId: string) =>
  until('the new run ended', async () => (await read(id)).workflow.run_id === runId)

describe('one effect, whoever dies', () => {
  test('an executor killed after the effect and before its record: one effect, the same key, two attempts', async () => {
    const { invoice, action } = await unanswered(1_500)
    await desk.stack.executor.kill('SIGKILL')
    await desk.stack.executor.restart()
    expect((await desk.agent.ended(action.id)).outcome).toBe('succeeded')
    expect(await desk.refunds(invoice)).toBe(1)
    const attempts = await desk.rows(
      `select attempt, effect from attempts left join outcomes using (tenant, action_id, step, phase, generation, attempt)
       where action_id = $1 and phase = 'execute' order by attempt`,
      [action.id],
    )
    expect(attempts).toEqual([
      { attempt: 1, effect: null },
      { attempt: 2, effect: 'committed' },
    ])
  })

  test('a server killed while people decide: the vote is taken after the restart, one effect', async () => {
    const { invoice, action } = await held(90_000)
    await desk.stack.server.kill('SIGKILL')
    await desk.stack.server.restart()
    expect((await desk.approve(await read(action.id), 'ann')).status).toBe(200)
    expect((await desk.agent.ended(action.id)).outcome).toBe('succeeded')
    expect(await desk.refunds(invoice)).toBe(1)
  })

  test('an executor that sleeps through its deadline does not overrule the one that took over', async () => {
    const { invoice, action } = await unanswered(1_950)
    process.kill(desk.stack.executor.pid, 'SIGSTOP')
    await new Promise((done) => setTimeout(done, 12_000))
    process.kill(desk.stack.executor.pid, 'SIGCONT')
    expect((await desk.agent.ended(action.id, 90)).outcome).toBe('succeeded')
    expect(await desk.refunds(invoice)).toBe(1)
  })
})

describe.concurrent('one effect, whatever is lost, reset or terminated', () => {
  test.each([
    ['reset-after-applying', 1_600],
    ['hang-after-applying', 1_610],
  ])('an answer lost by %s: the same key is sent again, one effect', async (mode, amount) => {
    const invoice = await troubled(amount, mode)
    const { body } = await desk.agent.ask('refund_invoice', refund(amount, invoice), 0)
    expect((await desk.agent.ended(body.id, 90)).outcome).toBe('succeeded')
    expect(await desk.refunds(invoice)).toBe(1)
  })

  test('a stored 500 of the downstream is settled by looking, one effect', async () => {
    const invoice = await troubled(1_650, 'error-after-applying')
    const { body } = await desk.agent.ask('refund_invoice', refund(1_650, invoice), 0)
    const ended = await desk.agent.ended(body.id, 90)
    expect(ended.outcome).toBe('succeeded')
    expect(ended.steps[0]?.effect).toBe('committed')
    expect(await desk.refunds(invoice)).toBe(1)
  })

  test('a finished run reset to before its execution ends the same, still one effect', async () => {
    const invoice = await desk.invoice()
    const { body } = await desk.agent.ask('refund_invoice', refund(1_700, invoice), 60)
    const runId = await desk.cli.resetBefore(body.workflow.id, 'refund_invoice')
    await runEnded(body.id, runId)
    expect((await read(body.id)).outcome).toBe('succeeded')
    expect(await desk.refunds(invoice)).toBe(1)
    await until(
      'both runs are sealed',
      async () => (await desk.rows('select from trails where action_id = $1', [body.id])).length === 2,
    )
  })

  test('a reset while approval waits keeps the envelope, and the vote cast before still counts once', async () => {
    const { invoice, action } = await held(95_000)
    await desk.approve(action, 'ann')
    await desk.agent.ended(action.id)
    await runEnded(action.id, await desk.cli.resetBefore(action.workflow.id, 'get_invoice'))
    expect(await desk.refunds(invoice)).toBe(1)
    expect(await desk.rows('select from envelopes where action_id = $1', [action.id])).toHaveLength(1)
  })

  test('a terminated run is taken up by the next vote', async () => {
    const { invoice, action } = await held(98_000)
    await desk.cli.terminate(action.workflow.id)
    await desk.approve(await read(action.id), 'ann')
    expect((await desk.agent.ended(action.id)).outcome).toBe('succeeded')
    expect(await desk.refunds(invoice)).toBe(1)
  })

  test('a deleted run is taken up by the next vote', async () => {
    const { invoice, action } = await held(98_500)
    await desk.cli.delete(action.workflow.id)
    await desk.approve(await read(action.id), 'ann')
    expect((await desk.agent.ended(action.id)).outcome).toBe('succeeded')
    expect(await desk.refunds(invoice)).toBe(1)
  })

  test('a run terminated while it executes is taken up by itself, still one effect', async () => {
    const { invoice, action } = await unanswered(1_900)
    await desk.cli.terminate(action.workflow.id)
    expect((await desk.agent.ended(action.id, 90)).outcome).toBe('succeeded')
    expect(await desk.refunds(invoice)).toBe(1)
  })

  test('a terminated run is taken up again by asking again, under the same id', async () => {
    const { invoice, action } = await held(96_000, 'terminated-once')
    await desk.cli.terminate(action.workflow.id)
    const again = (await desk.agent.ask('refund_invoice', refund(96_000, invoice), 1, 'terminated-once')).body
    expect(again.id).toBe(action.id)
    await desk.approve(await read(action.id), 'fred')
    expect((await desk.agent.ended(action.id)).outcome).toBe('succeeded')
  })
})
