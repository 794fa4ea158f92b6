import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { promisify } from 'node:util'
import { Client, Connection } from '@temporalio/client'
import { NativeConnection, Worker } from '@temporalio/worker'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { HistoryEvent } from '../../examples/refund-desk/demo/temporal-cli.js'
import { type Action, openTestDesk, refund, type TestDesk, until } from '../_util/desk.js'

const run = promisify(execFile)

describe('a Temporal message is a hint, never an authority', () => {
  let desk: TestDesk
  beforeAll(async () => {
    desk = await openTestDesk('hints')
  })
  afterAll(() => desk?.close())

  const hold = async (amount: number): Promise<Action> => {
    const { body } = await desk.agent.ask('refund_invoice', refund(amount), 1)
    await until(
      'approval is asked for',
      async () => (await desk.agent.get(`/v1/actions/${body.id}`)).body.approval !== null,
    )
    return (await desk.agent.get(`/v1/actions/${body.id}`)).body
  }
  const temporal = (...args: string[]) =>
    run(desk.stack.temporal.binary ?? 'temporal', [...args, '--address', desk.stack.temporal.address])

  test('signals of every kind, a raw cancel and garbage payloads change nothing, and a real vote still works afterwards', async () => {
    const held = await hold(90_000)
    const before = await desk.refunds('in_bulk')
    await desk.cli.signal(held.workflow.id)
    await desk.cli.signal(held.workflow.id, ['--input', '{"approved":true,"approver":"person:ann"}'])
    await desk.cli.signal(held.workflow.id, ['--input', 'not json', '--input-meta', 'encoding=binary/evil'])
    await desk.cli.signal(held.workflow.id, ['--input', '"x"', '--input-meta', 'encoding=binary/protobuf'])
    await desk.cli.cancel(held.workflow.id)
    await new Promise((done) => setTimeout(done, 3_000))
    expect((await desk.agent.get(`/v1/actions/${held.id}`)).body.outcome).toBeNull()
    expect(await desk.refunds('in_bulk')).toBe(before)
    await desk.approve(held, 'ann')
    expect((await desk.agent.ended(held.id)).outcome).toBe('succeeded')
    expect(await desk.refunds('in_bulk')).toBe(before + 1)
  })

  test('a flood of hints makes few looks at the ledger', async () => {
    const held = await hold(91_000)
    const happened = async (type: string, from = 0) =>
      (await desk.cli.history(held.workflow.id)).events
        .map((event) => event as HistoryEvent & { readonly eventTime: string })
        .filter(({ eventType }) => eventType === `EVENT_TYPE_${type}`)
        .map(({ eventTime }) => Date.parse(eventTime))
        .filter((at) => at >= from)
    const signals = () => happened('WORKFLOW_EXECUTION_SIGNALED')
    const looks = async () => happened('MARKER_RECORDED', (await signals())[0])
    const connection = await Connection.connect({ address: desk.stack.temporal.address })
    const workflow = new Client({ connection }).workflow.getHandle(held.workflow.id)
    for (let sent = 0; sent < 20 || (await looks()).length < 3; sent += 1) {
      await workflow.signal('approval')
      await new Promise((done) => setTimeout(done, 100))
    }
    await connection.close()
    const at = await looks()
    expect(at.length).toBeLessThan((await signals()).length)
    // The first hint is followed at once. A timer of the server may be a little early by the times in its history.
    const between = at.slice(2).map((later, index) => later - (at[index + 1] ?? 0))
    expect(Math.min(...between)).toBeGreaterThan(900)
    await desk.approve(held, 'ann', 'reject')
    await desk.agent.ended(held.id)
  })

  test('an effect completed by a stranger is not believed: the ledger has no outcome, so the step goes on', async () => {
    await desk.fault('billing', { match: 'POST /v1/refunds', mode: 'hang-before-applying', times: 1 })
    const before = await desk.refunds('in_bulk')
    const { body } = await desk.agent.ask('refund_invoice', refund(1_300), 0)
    await until(
      'the attempt is written',
      async () =>
        (await desk.rows("select from attempts where action_id = $1 and phase = 'execute'", [body.id])).length > 0,
    )
    const forged = JSON.stringify({ state: 'committed', verified: true, output: { refund_id: 're_forged' } })
    await temporal(
      'activity',
      'complete',
      '--workflow-id',
      body.workflow.id,
      '--activity-id',
      'step1.execute.1',
      '--result',
      forged,
    ).catch(() => undefined)
    const ended = await desk.agent.ended(body.id, 90)
    expect(ended.outcome).toBe('succeeded')
    expect(ended.steps[0]?.output?.refund_id).not.toBe('re_forged')
    expect(await desk.refunds('in_bulk')).toBe(before + 1)
  })

  test('an effect failed by a stranger is not believed either: the workflow goes on, and ends with what the ledger says', async () => {
    await desk.fault('billing', { match: 'POST /v1/refunds', mode: 'hang-after-applying', times: 1 })
    const before = await desk.refunds('in_bulk')
    const { body } = await desk.agent.ask('refund_invoice', refund(1_310), 0)
    await until('the billing system applied it', async () => (await desk.refunds('in_bulk')) === before + 1)
    const { run_id } = (await desk.agent.get(`/v1/actions/${body.id}`)).body.workflow
    await temporal('activity', 'fail', '--workflow-id', body.workflow.id, '--activity-id', 'step1.execute.1').catch(
      () => undefined,
    )
    const ended = await desk.agent.ended(body.id, 90)
    expect(ended.outcome).toBe('succeeded')
    expect(ended.workflow.run_id).toBe(run_id)
    expect(await desk.refunds('in_bulk')).toBe(before + 1)
  })

  test('a verification completed by a stranger is not believed: nothing succeeds unverified', async () => {
    await desk.fault('billing', { match: 'GET /v1/refunds/:id', mode: 'hang-before-applying', times: 1 })
    const { body } = await desk.agent.ask('refund_invoice', refund(1_320), 0)
    const scheduled = async () =>
      (await desk.cli.history(body.workflow.id)).events.some(
        (event) => event.activityTaskScheduledEventAttributes?.activityType?.name === 'refund_invoice/verify',
      )
    await until('the verification is under way', scheduled)
    await temporal(
      'activity',
      'complete',
      '--workflow-id',
      body.workflow.id,
      '--activity-id',
      'step1.verify',
      '--result',
      '{}',
    ).catch(() => undefined)
    const ended = await desk.agent.ended(body.id, 90)
    expect(ended.outcome).toBe('succeeded')
    expect(await desk.rows('select found from verifications where action_id = $1', [body.id])).toEqual([
      { found: 'committed' },
    ])
  })

  test('an activity that a stranger schedules runs out of turn: nothing is undone before the plan has halted', async () => {
    const held = await hold(94_000)
    const [row] = await desk.rows<{ id: string }>('select id from actions where id = $1', [held.id])
    expect(row?.id).toBe(held.id)
    const before = await desk.refunds('in_bulk')
    const { body } = await desk.agent.post<Action>('/v1/actions', {
      plan: {
        steps: [
          { id: 'one', tool: 'refund_invoice', args: refund(1_330) },
          { id: 'two', tool: 'refund_invoice', args: refund(95_000) },
        ],
      },
      context: { request_id: randomUUID(), ticket_id: 'zd_1' },
    })
    await until(
      'approval is asked for',
      async () => (await desk.agent.get(`/v1/actions/${body.id}`)).body.approval !== null,
    )
    await execute(desk, 'refund_invoice', {
      tenant: 'acme',
      action_id: body.id,
      round: 1,
      step: 'two',
      phase: 'execute',
    })
    await execute(desk, 'refund_invoice/compensate', {
      tenant: 'acme',
      action_id: body.id,
      round: 1,
      step: 'one',
      phase: 'compensate',
    })
    expect(await desk.rows("select from intents where action_id = $1 and phase <> 'observe'", [body.id])).toHaveLength(
      0,
    )
    expect(await desk.refunds('in_bulk')).toBe(before)
    await desk.agent.post(`/v1/actions/${body.id}/cancel`, {})
    await desk.agent.post(`/v1/actions/${held.id}/cancel`, {})
  })

  test('a header that no converter can read does not wedge the workflow', async () => {
    const held = await hold(97_000)
    const connection = await Connection.connect({ address: desk.stack.temporal.address })
    await connection.workflowService.signalWorkflowExecution({
      namespace: 'default',
      workflowExecution: { workflowId: held.workflow.id },
      signalName: 'approval',
      header: {
        fields: { '_tracer-data': { metadata: { encoding: Buffer.from('binary/evil') }, data: Buffer.from('x') } },
      },
    })
    await connection.close()
    await desk.approve(held, 'ann')
    expect((await desk.agent.ended(held.id)).outcome).toBe('succeeded')
  })

  test('a workflow started without an admitted request does nothing', async () => {
    const id = `acme/act_${'a'.repeat(26)}`
    const { stdout } = await temporal(
      'workflow',
      'execute',
      '--workflow-id',
      id,
      '--type',
      'actionRequest',
      '--task-queue',
      'exequatur',
      '--input',
      '{"request":{"tenant":"acme"}}',
      '-o',
      'json',
    )
    expect(stdout).toContain('denied')
    expect(await desk.rows('select from actions where id = $1', [id.slice('acme/'.length)])).toHaveLength(0)
  })

  test('a vote written straight into the database, without a trusted signature, does not count', async () => {
    const held = await hold(92_000)
    const before = await desk.refunds('in_bulk')
    await desk.rows(
      `insert into votes (tenant, action_id, approval_id, approver, revision, account, vote, reason, method, envelope_digest, rendering_digest, statement, key_id, signature)
       select tenant, action_id, id, 'person:ann', 1, '', 'approve', '', 'http', digest, rendering_digest,
         jsonb_build_object('tenant', tenant, 'approval_id', id, 'envelope_digest', digest, 'rendering_digest', rendering_digest, 'approver', 'person:ann', 'vote', 'approve', 'reason', '', 'method', 'http', 'at', '')::text,
         'ed25519:forged', 'AAAA' from envelopes where action_id = $1`,
      [held.id],
    )
    await desk.cli.signal(held.workflow.id)
    await new Promise((done) => setTimeout(done, 2_500))
    expect((await desk.agent.get(`/v1/actions/${held.id}`)).body.outcome).toBeNull()
    expect(await desk.refunds('in_bulk')).toBe(before)
    await desk.agent.post(`/v1/actions/${held.id}/cancel`, {})
    expect((await desk.agent.ended(held.id)).outcome).toBe('cancelled')
  })

  test('an agent cut off while its request waits gets nothing, whoever approves', async () => {
    const bot = await desk.rows("select 1 from principals where principal = 'agent:support_refunds_v2'")
    expect(bot).not.toHaveLength(0)
    const held = await hold(93_000)
    const before = await desk.refunds('in_bulk')
    await desk.rows(
      `insert into stops (tenant, scope, revision, state, reason, recorded_by) values ('acme', 'agent:support_refunds_v2', 1, 'stopped', 'it behaves oddly', 'person:omar')`,
    )
    await desk.approve(held, 'ann')
    const ended = await desk.person('ann').ended(held.id)
    expect(ended.outcome).toBe('denied')
    expect(ended.explanation).toContain('it behaves oddly')
    expect(await desk.refunds('in_bulk')).toBe(before)
    await desk.rows(
      `insert into stops (tenant, scope, revision, state, reason, recorded_by) values ('acme', 'agent:support_refunds_v2', 2, 'resumed', 'understood', 'person:omar')`,
    )
    expect((await desk.agent.ask('get_invoice', { invoice_id: 'in_123' }, 20, randomUUID())).body.outcome).toBe(
      'succeeded',
    )
  })
})

/** Schedules an activity in the executor's queue from a workflow of our own, and gives it a few seconds. */
async function execute(desk: TestDesk, type: string, ref: Record<string, unknown>): Promise<void> {
  const { address } = desk.stack.temporal
  const connection = await NativeConnection.connect({ address })
  const worker = await Worker.create({
    connection,
    taskQueue: 'stranger',
    workflowsPath: new URL('./fixtures/stranger.ts', import.meta.url).pathname,
  })
  const client = new Client({ connection: await Connection.connect({ address }) })
  await worker.runUntil(
    client.workflow.execute('stranger', {
      workflowId: `stranger-${randomUUID()}`,
      taskQueue: 'stranger',
      args: [type, ref],
    }),
  )
  await client.connection.close()
  await connection.close()
}
