import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestDesk, refund, type TestDesk, until } from '../_util/desk.js'

describe('one effect, whatever dies', () => {
  let desk: TestDesk
  beforeAll(async () => {
    desk = await openTestDesk('recovery')
  }, 120_000)
  afterAll(() => desk?.close())

  test('an executor killed after the effect and before its record: one effect, the same key, two attempts', async () => {
    await desk.fault('billing', { match: 'POST /v1/refunds', mode: 'hang-after-applying', times: 1 })
    const before = await desk.refunds('in_bulk')
    const { body } = await desk.agent.ask('refund_invoice', refund(1_500), 0)
    await until('the billing system applied it', async () => (await desk.refunds('in_bulk')) === before + 1)
    await desk.stack.executor.kill('SIGKILL')
    await desk.stack.executor.restart()
    const ended = await desk.agent.ended(body.id)
    expect(ended.outcome).toBe('succeeded')
    expect(await desk.refunds('in_bulk')).toBe(before + 1)
    const attempts = await desk.rows(
      `select attempt, effect from attempts left join outcomes using (tenant, action_id, step, phase, generation, attempt)
       where action_id = $1 and phase = 'execute' order by attempt`,
      [body.id],
    )
    expect(attempts).toEqual([
      { attempt: 1, effect: null },
      { attempt: 2, effect: 'committed' },
    ])
  }, 120_000)

  test.each(['reset-after-applying', 'hang-after-applying'])(
    'an answer lost by %s: the same key is sent again, one effect',
    async (mode) => {
      await desk.fault('billing', { match: 'POST /v1/refunds', mode, times: 1 })
      const before = await desk.refunds('in_bulk')
      const { body } = await desk.agent.ask('refund_invoice', refund(1_600), 0)
      const ended = await desk.agent.ended(body.id, 90)
      expect(ended.outcome).toBe('succeeded')
      expect(await desk.refunds('in_bulk')).toBe(before + 1)
    },
    120_000,
  )

  test('a stored 500 of the downstream is settled by looking, one effect', async () => {
    await desk.fault('billing', { match: 'POST /v1/refunds', mode: 'error-after-applying', times: 1 })
    const before = await desk.refunds('in_bulk')
    const { body } = await desk.agent.ask('refund_invoice', refund(1_650), 0)
    const ended = await desk.agent.ended(body.id, 90)
    expect(ended.outcome).toBe('succeeded')
    expect(ended.steps[0]?.effect).toBe('committed')
    expect(await desk.refunds('in_bulk')).toBe(before + 1)
  }, 120_000)

  test('a server killed while people decide: the vote is taken after the restart, one effect', async () => {
    const before = await desk.refunds('in_bulk')
    const { body } = await desk.agent.ask('refund_invoice', refund(90_000), 1)
    await desk.stack.server.kill('SIGKILL')
    await desk.stack.server.restart()
    const held = (await desk.agent.get(`/v1/actions/${body.id}`)).body
    expect((await desk.approve(held, 'ann')).status).toBe(200)
    expect((await desk.agent.ended(body.id)).outcome).toBe('succeeded')
    expect(await desk.refunds('in_bulk')).toBe(before + 1)
  }, 120_000)

  test('a finished run reset to before its execution ends the same, still one effect', async () => {
    const { body } = await desk.agent.ask('refund_invoice', refund(1_700))
    const before = await desk.refunds('in_bulk')
    const runId = await desk.cli.resetBefore(body.workflow.id, 'refund_invoice')
    await until(
      'the new run ended',
      async () => (await desk.agent.get(`/v1/actions/${body.id}`)).body.workflow.run_id === runId,
    )
    expect((await desk.agent.get(`/v1/actions/${body.id}`)).body.outcome).toBe('succeeded')
    expect(await desk.refunds('in_bulk')).toBe(before)
    await until(
      'both runs are sealed',
      async () => (await desk.rows('select from trails where action_id = $1', [body.id])).length === 2,
    )
  }, 60_000)

  test('a reset while approval waits keeps the envelope, and the vote cast before still counts once', async () => {
    const before = await desk.refunds('in_bulk')
    const { body } = await desk.agent.ask('refund_invoice', refund(95_000), 1)
    await until(
      'approval is asked for',
      async () => (await desk.agent.get(`/v1/actions/${body.id}`)).body.approval !== null,
    )
    const held = (await desk.agent.get(`/v1/actions/${body.id}`)).body
    await desk.approve(held, 'ann')
    await desk.agent.ended(body.id)
    const runId = await desk.cli.resetBefore(body.workflow.id, 'get_invoice')
    await until(
      'the new run ended',
      async () => (await desk.agent.get(`/v1/actions/${body.id}`)).body.workflow.run_id === runId,
    )
    expect(await desk.refunds('in_bulk')).toBe(before + 1)
    expect(await desk.rows('select from envelopes where action_id = $1', [body.id])).toHaveLength(1)
  }, 60_000)

  test('a terminated run is taken up by the next vote', async () => {
    const before = await desk.refunds('in_bulk')
    const { body } = await desk.agent.ask('refund_invoice', refund(98_000), 1)
    await until(
      'approval is asked for',
      async () => (await desk.agent.get(`/v1/actions/${body.id}`)).body.approval !== null,
    )
    await desk.cli.terminate(body.workflow.id)
    await desk.approve((await desk.agent.get(`/v1/actions/${body.id}`)).body, 'ann')
    expect((await desk.agent.ended(body.id)).outcome).toBe('succeeded')
    expect(await desk.refunds('in_bulk')).toBe(before + 1)
  }, 60_000)

  test('a run terminated while it executes is taken up by itself, still one effect', async () => {
    await desk.fault('billing', { match: 'POST /v1/refunds', mode: 'hang-after-applying', times: 1 })
    const before = await desk.refunds('in_bulk')
    const { body } = await desk.agent.ask('refund_invoice', refund(1_900), 0)
    await until('the billing system applied it', async () => (await desk.refunds('in_bulk')) === before + 1)
    await desk.cli.terminate(body.workflow.id)
    expect((await desk.agent.ended(body.id, 90)).outcome).toBe('succeeded')
    expect(await desk.refunds('in_bulk')).toBe(before + 1)
  }, 120_000)

  test('an executor that sleeps through its deadline does not overrule the one that took over', async () => {
    await desk.fault('billing', { match: 'POST /v1/refunds', mode: 'hang-after-applying', times: 1 })
    const before = await desk.refunds('in_bulk')
    const { body } = await desk.agent.ask('refund_invoice', refund(1_950), 0)
    await until('the billing system applied it', async () => (await desk.refunds('in_bulk')) === before + 1)
    process.kill(desk.stack.executor.pid, 'SIGSTOP')
    await new Promise((done) => setTimeout(done, 12_000))
    process.kill(desk.stack.executor.pid, 'SIGCONT')
    const ended = await desk.agent.ended(body.id, 90)
    expect(ended.outcome).toBe('succeeded')
    expect(await desk.refunds('in_bulk')).toBe(before + 1)
  }, 120_000)

  test('a terminated run is taken up again by asking again, under the same id', async () => {
    const ask = () => desk.agent.ask('refund_invoice', refund(96_000), 1, 'terminated-once')
    const { body } = await ask()
    await until(
      'approval is asked for',
      async () => (await desk.agent.get(`/v1/actions/${body.id}`)).body.approval !== null,
    )
    await desk.cli.terminate(body.workflow.id)
    const again = (await ask()).body
    expect(again.id).toBe(body.id)
    await desk.approve((await desk.agent.get(`/v1/actions/${body.id}`)).body, 'fred')
    expect((await desk.agent.ended(body.id)).outcome).toBe('succeeded')
  }, 60_000)
})
