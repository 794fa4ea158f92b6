import { execFile } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import pg from 'pg'
import type { Desk } from '../desk.js'
import { type Action, connect, type DeskClient } from './desk-client.js'
import { effectsIn } from './effects.js'
import type { Narrator } from './narrator.js'
import { type TemporalCli, temporalCli } from './temporal-cli.js'
import { until } from './until.js'

/** What every scene plays with. */
export interface Stage {
  readonly desk: Desk
  readonly agent: DeskClient
  readonly cli: TemporalCli
  readonly tell: Narrator
  /** The actions of the demo so far, in order. */
  readonly actions: Action[]
}

export function setStage(desk: Desk, tell: Narrator): Stage {
  return {
    desk,
    tell,
    agent: connect(desk.dev, desk.dev.tokens.agents.support_refunds_v2 ?? ''),
    cli: temporalCli(desk.stack),
    actions: [],
  }
}

export async function readInvoice({ agent, tell, actions }: Stage): Promise<void> {
  tell.scene('The agent reads an invoice')
  const { body } = await agent.ask('get_invoice', { invoice_id: 'in_123' })
  actions.push(body)
  tell.shows(body.outcome === 'succeeded', `allowed at once: ${body.decision?.explanation}`)
  tell.shows(
    body.steps[0]?.output?.refundable_cents === 4_900,
    'it reads what the billing system says: 49.00 can be refunded',
  )
}

export async function refundSmall({ agent, desk, tell, actions }: Stage): Promise<void> {
  tell.scene('It refunds 20.00')
  const { body } = await agent.ask('refund_invoice', {
    invoice_id: 'in_200',
    reason_code: 'duplicate_charge',
    amount_cents: 2_000,
  })
  actions.push(body)
  tell.shows(
    body.outcome === 'succeeded',
    `allowed by policy, executed, verified in the billing system: ${body.steps[0]?.output?.refund_id}`,
  )
  tell.shows((await refundsOf(desk, 'in_200')) === 1, 'the billing ledger has one refund of in_200')
}

export async function refundLarge(stage: Stage): Promise<void> {
  const { agent, desk, tell, cli, actions } = stage
  tell.scene('It refunds 900.00: people decide')
  const args = { invoice_id: 'in_900', reason_code: 'service_issue', amount_cents: 90_000 }
  const ask = () => agent.ask('refund_invoice', args, 0, 'demo-900')
  let held = (await ask()).body
  await until(async () => {
    held = (await agent.get(`/v1/actions/${held.id}`)).body
    return held.approval !== null || held.outcome !== null
  }, 'approval is asked for')
  tell.shows(held.outcome === null && held.approval !== null, `held: ${held.decision?.explanation}`)
  const again = [await ask(), await ask(), await ask()]
  tell.shows(
    again.every(({ body }) => body.id === held.id),
    'the same request sent three more times is the same action',
  )

  const approval = held.approval as NonNullable<Action['approval']>
  const own = await agent.post<{ code: string }>(`/v1/approvals/${approval.id}/votes`, {
    vote: 'approve',
    reason: 'trust me',
    envelope_digest: approval.envelope_digest,
  })
  tell.shows(own.status === 403, `the agent's own attempt to approve is refused: ${own.body.code}`)

  await exq(stage, 'group', 'add', 'finance', 'person:olga', '--tenant', 'acme')
  const owner = await connect(desk.dev, desk.dev.tokens.people.olga ?? '').post<{ code: string }>(
    `/v1/approvals/${approval.id}/votes`,
    { vote: 'approve', reason: 'it is my agent', envelope_digest: approval.envelope_digest },
  )
  tell.shows(owner.status === 403, `so is that of the agent's owner, though she is of finance now: ${owner.body.code}`)

  await cli.signal(held.workflow.id)
  await cli.signal(held.workflow.id, ['--input', '{"approved":true,"approver":"person:ann"}'])
  await cli.signal(held.workflow.id, ['--input', 'no json at all', '--input-meta', 'encoding=binary/evil'])
  await cli.cancel(held.workflow.id)
  await pause(1_500)
  const unmoved = (await agent.get(`/v1/actions/${held.id}`)).body
  tell.shows(
    unmoved.outcome === null && (await refundsOf(desk, 'in_900')) === 0,
    'raw signals, a raw cancel and a garbage payload, sent with the Temporal CLI, change nothing',
  )

  tell.note('$ exq key create --as ann; exq approve --as ann')
  await exq(stage, 'key', 'create', '--as', 'ann')
  await exq(stage, 'approve', approval.id, '--as', 'ann', '--reason', 'checked with the customer')
  const ended = await agent.ended(held.id)
  actions.push(ended)
  tell.shows(
    ended.outcome === 'succeeded' && (await refundsOf(desk, 'in_900')) === 1,
    'a person of finance approves in the CLI: executed, once',
  )
  const ann = connect(desk.dev, desk.dev.tokens.people.ann ?? '')
  const { body: sealed } = await ann.get<{ votes: { approver: string; method: string; counts: boolean }[] }>(
    `/v1/approvals/${approval.id}`,
  )
  tell.shows(
    sealed.votes.map((vote) => `${vote.approver} ${vote.method} ${vote.counts}`).join() === 'person:ann key true',
    'one vote counted: signed with her own key, on her machine',
  )
}

export async function deleteCustomer({ agent, tell, actions }: Stage): Promise<void> {
  tell.scene('It asks to delete a customer')
  const { body } = await agent.ask('delete_customer', { customer_id: 'cus_1' })
  actions.push(body)
  tell.shows(body.outcome === 'denied', `denied: ${body.explanation}`)
  tell.note(`${body.problem?.code}: ${body.problem?.remedy}`)
}

export async function undoPlan({ agent, desk, tell, actions }: Stage): Promise<void> {
  tell.scene('A plan of three steps, and the last one fails')
  await fault(desk, 'billing', { match: 'POST /v1/refunds', mode: 'refuse', times: 1 })
  const { body } = await agent.post<Action>(
    '/v1/actions',
    {
      plan: {
        goal: 'Stop billing Jo until the duplicate charge is sorted out',
        steps: [
          { id: 'pause', tool: 'pause_subscription', args: { subscription_id: 'sub_1' } },
          {
            id: 'ticket',
            tool: 'create_jira_ticket',
            args: { project_key: 'DESK', summary: 'Duplicate charge of in_200' },
          },
          {
            id: 'refund',
            tool: 'refund_invoice',
            args: { invoice_id: 'in_200', reason_code: 'duplicate_charge', amount_cents: 1_000 },
          },
        ],
      },
      context: { request_id: 'demo-plan', ticket_id: 'zd_2' },
    },
    30,
  )
  actions.push(body)
  tell.shows(body.outcome === 'compensated', `the refund was refused (${body.explanation}), so the plan is undone`)
  tell.shows(body.steps.map(({ status }) => status).join() === 'undone,undone,failed', 'both earlier steps are undone')
  const billing = (await effectsIn(desk.billing.ledger)).map(({ effect }) => effect)
  const tracker = (await effectsIn(desk.tracker.ledger)).map(({ effect }) => effect)
  tell.shows(
    billing.slice(-2).join() === 'subscription.paused,subscription.resumed',
    'the billing ledger: paused, then resumed',
  )
  tell.shows(tracker.join() === 'issue.created,issue.deleted', 'the tracker ledger: created, then deleted')
  const { events } = await temporalCli(desk.stack).history(body.workflow.id)
  const undos = events
    .flatMap(({ activityTaskScheduledEventAttributes: attributes }) => attributes?.activityType?.name ?? [])
    .filter((name) => name.endsWith('/compensate'))
  tell.shows(
    undos.join() === 'create_jira_ticket/compensate,pause_subscription/compensate',
    'in reverse order, as the history shows',
  )
}

export async function killExecutor({ agent, desk, tell, actions }: Stage): Promise<void> {
  tell.scene('The executor is killed after the refund happened and before that was recorded')
  await fault(desk, 'billing', { match: 'POST /v1/refunds', mode: 'hang-after-applying', times: 1 })
  const before = await refundsOf(desk, 'in_200')
  const { body } = await agent.ask(
    'refund_invoice',
    { invoice_id: 'in_200', reason_code: 'goodwill', amount_cents: 1_500 },
    0,
  )
  await until(async () => (await refundsOf(desk, 'in_200')) === before + 1, 'the billing system applies the refund')
  tell.note('the billing system has applied it and does not answer; kill -9')
  await desk.stack.executor.kill('SIGKILL')
  await desk.stack.executor.restart()
  const ended = await agent.ended(body.id)
  actions.push(ended)
  tell.shows(
    ended.outcome === 'succeeded',
    'a new executor finds the attempt, sends the same key again, and records the answer',
  )
  tell.shows((await refundsOf(desk, 'in_200')) === before + 1, 'exactly one refund')
}

export async function findSilentFailure(stage: Stage): Promise<void> {
  const { agent, desk, tell, actions } = stage
  tell.scene('The billing system says yes, and does nothing')
  await fault(desk, 'billing', { match: 'POST /v1/refunds', mode: 'lie', times: 1 })
  const before = await refundsOf(desk, 'in_200')
  const args = { invoice_id: 'in_200', reason_code: 'goodwill', amount_cents: 1_200 }
  let open = (await agent.ask('refund_invoice', args, 0)).body
  await until(async () => {
    open = (await agent.get(`/v1/actions/${open.id}`)).body
    return open.attention.length > 0 || open.outcome !== null
  }, 'somebody is asked')
  tell.shows(
    open.outcome === null && open.attention[0]?.reason === 'diverged',
    'it is looked for and not there: the action stays open, and people are asked',
  )
  tell.note('$ exq attention show --as ann')
  const shown = await exq(stage, 'attention', 'show', open.id, '--as', 'ann')
  for (const line of shown.split('\n').filter((line) => / (claimed|observed|wanted) /.test(line))) tell.note(line)
  tell.shows(
    /claimed +committed/.test(shown) && /observed +not-committed/.test(shown),
    'what was answered is shown beside what is there',
  )
  tell.note('$ exq attention resolve --did-not-happen --as ann')
  const decision = ['--did-not-happen', '--reason', 'not on the statement', '--evidence', 'the list of refunds']
  await exq(stage, 'attention', 'resolve', open.id, ...decision, '--as', 'ann', '--yes')
  const ended = await agent.ended(open.id)
  actions.push(ended)
  tell.shows(ended.outcome === 'failed', 'a person decides, signed with her own key: it did not happen')
  tell.shows((await refundsOf(desk, 'in_200')) === before, 'the billing ledger agrees: no refund')
}

export async function resetRun({ agent, desk, tell, cli, actions }: Stage): Promise<void> {
  tell.scene('A finished run is reset to before its execution')
  const target = actions[1] as Action
  const before = (await effectsIn(desk.billing.ledger)).length
  const runId = await cli.resetBefore(target.workflow.id, 'refund_invoice')
  await until(
    async () => (await agent.get(`/v1/actions/${target.id}`)).body.workflow.run_id === runId,
    'the new run ends',
  )
  const { body } = await agent.get(`/v1/actions/${target.id}`)
  tell.shows(body.outcome === 'succeeded', 'the new run reads the recorded outcome instead of calling again')
  tell.shows((await effectsIn(desk.billing.ledger)).length === before, 'still one refund')
}

export async function stopAgent({ agent, desk, tell, actions }: Stage): Promise<void> {
  tell.scene('The agent floods, and is stopped while its refunds are in flight')
  // Some get no answer at first, so that further attempts are due when the stop has come; too few to open the breaker.
  await fault(desk, 'billing', { match: 'POST /v1/refunds', mode: 'unavailable', times: 4 })
  const args = { invoice_id: 'in_bulk', reason_code: 'goodwill', amount_cents: 1_000 }
  const asking = Promise.all(Array.from({ length: 50 }, () => agent.ask('refund_invoice', args, 0)))
  await until(async () => (await refundsOf(desk, 'in_bulk')) >= 5, 'some are refunded')
  tell.note('it asks for 50 refunds of 10.00; omar stops it, as `exq stop agent support_refunds_v2` does')
  const omar = connect(desk.dev, desk.dev.tokens.people.omar ?? '')
  const scope = 'agent:support_refunds_v2'
  const { body: stop } = await omar.post<{ acknowledged_at: string }>('/v1/stops', { scope, reason: 'It floods.' })
  const admitted = (await asking).filter(({ status }) => status < 300)
  const ended = await Promise.all(admitted.map(({ body }) => omar.ended(body.id)))
  const ending = (wanted: string) => ended.filter(({ outcome }) => outcome === wanted)
  const done = ending('succeeded').length
  actions.push(...ending('denied').slice(0, 1))
  const counts = [...new Set(ended.map(({ outcome }) => outcome ?? ''))].sort().reverse()
  tell.shows(
    ending('denied').length > 0,
    `of the 50 ${counts.map((outcome) => `${ending(outcome).length} ${outcome}`).join(', ')}; ${50 - ended.length} refused at the door`,
  )
  const { attempts, late } = await attemptsSince(desk, stop.acknowledged_at)
  tell.shows(late === 0, `of ${attempts} attempts in the ledger, none is newer than the acknowledgement of the stop`)
  tell.shows((await refundsOf(desk, 'in_bulk')) === done, `the billing ledger agrees: ${done} refunds of in_bulk`)
  await omar.post(`/v1/stops/${encodeURIComponent(scope)}/resume`, { reason: 'Repaired.' })
  // Another amount: exactly the same once more would be a loop.
  const { body } = await agent.ask('refund_invoice', { ...args, amount_cents: 1_100 }, 0)
  tell.shows((await agent.ended(body.id)).outcome === 'succeeded', 'resumed, it works again')
}

export async function showTrails(stage: Stage): Promise<void> {
  const { desk, tell, actions } = stage
  tell.scene('The trail of each, and all histories replay')
  const ann = connect(desk.dev, desk.dev.tokens.people.ann ?? '')
  for (const { id, outcome, workflow } of actions) {
    const { body } = await ann.get<{ entries: { at: string; stage: string; what: string }[] }>(
      `/v1/actions/${id}/trail`,
    )
    tell.note(`${id}: ${outcome}${workflow.ui ? `, ${workflow.ui}` : ''}`)
    for (const { stage, what } of body.entries) tell.note(`  ${stage.padEnd(12)} ${what}`)
  }
  const ids = actions.map(({ id }) => id)
  tell.note(`$ exq replay ${ids.length} action ids`)
  const replayed = await exq(stage, 'replay', ...ids, '--as', 'ann').then(
    () => true,
    () => false,
  )
  tell.shows(replayed, 'every history replays against the workflow code')
}

const run = promisify(execFile)
const bin = fileURLToPath(new URL('../../../bin/exequatur.mjs', import.meta.url))

async function exq({ desk }: Stage, ...args: string[]): Promise<string> {
  const { stdout } = await run(process.execPath, [bin, ...args], {
    env: { ...process.env, EXEQUATUR_HOME: desk.stack.home },
    maxBuffer: 64 << 20,
  })
  return stdout
}

async function refundsOf(desk: Desk, invoice: string): Promise<number> {
  return (await effectsIn(desk.billing.ledger)).filter(
    (line) => line.effect === 'refund.created' && line.invoice === invoice,
  ).length
}

/** How many attempts the ledger has, and how many of them are newer than that moment. */
async function attemptsSince({ dev }: Desk, moment: string): Promise<{ attempts: number; late: number }> {
  const ledger = new pg.Client({ connectionString: dev.database_url })
  await ledger.connect()
  try {
    const { rows } = await ledger.query<{ attempts: number; late: number }>(
      `select count(*)::int as attempts, count(*) filter (where attempted_at > $1::timestamptz)::int as late
       from attempts`,
      [moment],
    )
    return rows[0] ?? { attempts: 0, late: 0 }
  } finally {
    await ledger.end()
  }
}

async function fault(desk: Desk, system: 'billing' | 'tracker', body: unknown): Promise<void> {
  await fetch(`${desk[system].url}/_faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
}
