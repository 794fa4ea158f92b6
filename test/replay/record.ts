import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AttentionView } from '../../src/control-plane/attention/attention-view.js'
import type { Choice } from '../../src/domain/attention.js'
import { type Action, openTestDesk, refund, type TestDesk, until } from '../_util/desk.js'
import { bankLines } from '../workflow/fixtures/attention-tools.js'

/**
 * Records one history of every ending from the real stack: `npm run record-histories`. Recorded histories are never
 * changed: they show that the workflow of today still replays what ran before.
 */
const { version } = createRequire(import.meta.url)('@temporalio/worker/package.json') as { version: string }
const label = process.argv[2] ?? new Date().toISOString().slice(0, 10)
const desk = await openTestDesk('record')
const brief = await openTestDesk('record-brief', {
  config: new URL('./brief-approvals.config.ts', import.meta.url).pathname,
})
const bank = join(tmpdir(), `exequatur-bank-${randomUUID()}.jsonl`)
const silent = await openTestDesk('record-silent', {
  config: new URL('../workflow/fixtures/attention.config.ts', import.meta.url).pathname,
  env: { executor: { ATTENTION_BANK: bank } },
})

try {
  await keep('succeeded-read', desk, (await desk.agent.ask('get_invoice', { invoice_id: 'in_123' })).body)
  await keep('succeeded-write', desk, (await desk.agent.ask('refund_invoice', refund(2_000))).body)
  await keep('denied', desk, (await desk.agent.ask('delete_customer', { customer_id: 'cus_1' })).body)

  const approved = await hold(desk, 90_000)
  await desk.cli.signal(approved.workflow.id, ['--input', 'no json', '--input-meta', 'encoding=binary/evil'])
  await desk.cli.cancel(approved.workflow.id)
  await desk.approve(approved, 'ann')
  await keep('succeeded-approved-after-garbage', desk, await desk.agent.ended(approved.id))

  const invoice = await desk.invoice()
  const changed = await hold(desk, 90_000, invoice)
  await desk.refundElsewhere(invoice, 5_000)
  await desk.approve(changed, 'ann')
  await until('it asks again', async () => (await present(desk, changed)).approval?.id !== changed.approval?.id)
  await desk.approve(await present(desk, changed), 'ann')
  await keep('succeeded-asked-again', desk, await desk.agent.ended(changed.id))

  const rejected = await hold(desk, 80_000)
  await desk.approve(rejected, 'ann', 'reject')
  await keep('rejected', desk, await desk.agent.ended(rejected.id))

  const cancelled = await hold(desk, 70_000)
  await desk.agent.post(`/v1/actions/${cancelled.id}/cancel`, {})
  await keep('cancelled', desk, await desk.agent.ended(cancelled.id))

  await keep('expired', brief, await brief.agent.ended((await hold(brief, 60_000)).id))

  await desk.fault('billing', { match: 'POST /v1/refunds', mode: 'refuse', times: 1 })
  await keep('failed', desk, (await desk.agent.ask('refund_invoice', refund(1_000))).body)

  await desk.fault('billing', { match: 'POST /v1/refunds', mode: 'refuse', times: 1 })
  const plan = {
    steps: [
      { tool: 'create_jira_ticket', args: { project_key: 'DESK', summary: 'Undone' } },
      { tool: 'refund_invoice', args: refund(1_000) },
    ],
  }
  const compensated = await desk.agent.post<Action>(
    '/v1/actions',
    { plan, context: { request_id: 'compensated', ticket_id: 'zd_1' } },
    30,
  )
  await keep('compensated', desk, compensated.body)

  await desk.fault('billing', { match: 'POST /v1/refunds', mode: 'reset-after-applying', times: 1 })
  await keep(
    'succeeded-retried',
    desk,
    await desk.agent.ended((await desk.agent.ask('refund_invoice', refund(1_100), 0)).body.id),
  )

  await desk.fault('billing', { match: 'POST /v1/refunds', mode: 'error-after-applying', times: 1 })
  await desk.fault('billing', { match: 'GET /v1/refunds', mode: 'unavailable', times: 2 })
  const { body } = await desk.agent.ask('refund_invoice', refund(1_200), 0)
  await keep('succeeded-after-looks', desk, await desk.agent.ended(body.id, 120))

  await desk.fault('billing', { match: 'POST /v1/refunds', mode: 'refuse', times: 1 })
  await desk.fault('tracker', { match: 'DELETE /rest/api/3/issue/:key', mode: 'refuse', times: 20 })
  const stuck = await desk.agent.post<Action>(
    '/v1/actions',
    { plan, context: { request_id: 'not-undone', ticket_id: 'zd_1' } },
    0,
  )
  await decide(desk, 'omar', stuck.body, 'leave')
  await keep('needs-attention-left', desk, await desk.agent.ended(stuck.body.id, 60))

  const given = await ask(silent, [
    { tool: 'give_money', args: { to: 'for_good', refused: false } },
    { tool: 'give_money', args: { to: 'for_good', refused: true } },
  ])
  await decide(silent, 'ann', given, 'leave')
  await keep('needs-attention-irreversible', silent, await silent.agent.ended(given.id, 60))

  const held = await ask(silent, [{ tool: 'wire_money', args: { to: 'nobody', cents: 500, how: 'held' } }])
  await until('the bank is asked', async () => bankLines(bank).some(({ to }) => to === 'nobody'))
  await silent.stack.executor.kill('SIGKILL')
  await decide(silent, 'ann', held, 'happened')
  await keep('succeeded-while-no-executor-was-there', silent, await silent.agent.ended(held.id, 60))
} finally {
  await desk.close()
  await brief.close()
  await silent.close()
}

async function ask(on: TestDesk, steps: readonly object[]): Promise<Action> {
  const context = { request_id: randomUUID(), ticket_id: 'zd_1' }
  return (await on.agent.post<Action>('/v1/actions', { plan: { steps }, context }, 0)).body
}

async function hold(on: TestDesk, amount: number, invoice?: string): Promise<Action> {
  const { body } = await on.agent.ask('refund_invoice', refund(amount, invoice), 1)
  await until(
    'approval is asked for',
    async () => (await on.agent.get(`/v1/actions/${body.id}`)).body.approval !== null,
  )
  return (await on.agent.get(`/v1/actions/${body.id}`)).body
}

async function present(on: TestDesk, { id }: Action): Promise<Action> {
  return (await on.agent.get<Action>(`/v1/actions/${id}`)).body
}

/** Somebody who may decides on what no machine could settle. */
async function decide(on: TestDesk, who: string, action: Action, choice: Choice): Promise<void> {
  const person = on.person(who)
  let open: AttentionView | undefined
  await until('a person is asked', async () => {
    const { body } = await person.get<{ items: AttentionView[] }>('/v1/attention')
    open = body.items.find(({ action_id }) => action_id === action.id)
    return open !== undefined
  })
  const evidence = choice === 'happened' ? { evidence: 'statement 7' } : {}
  const said = { choice, reason: 'Looked up.', state_digest: open?.state_digest, ...evidence }
  const answer = await person.post(`/v1/attention/${open?.id}/resolutions`, said)
  if (answer.status >= 300) throw new Error(JSON.stringify(answer.body))
}

async function keep(name: string, on: TestDesk, action: Action): Promise<void> {
  if (!action.outcome || !name.startsWith(action.outcome))
    throw new Error(`${name} ended ${action.outcome}: ${action.explanation}`)
  const history = await on.cli.history(action.workflow.id)
  const recorded = {
    workflow_id: action.workflow.id,
    outcome: action.outcome,
    sdk: version,
    converter: 'plain',
    history,
  }
  await writeFile(new URL(`./histories/${label}-${name}.json`, import.meta.url), `${JSON.stringify(recorded)}\n`)
  console.log(`recorded ${name}: ${history.events.length} events`)
}
