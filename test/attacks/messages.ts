import { randomUUID } from 'node:crypto'
import { until } from '../_util/desk.js'
import type { Attack } from './attack.js'
import { type AttackedDesk, pause } from './attacked-desk.js'
import { runRogue } from './rogue-workflow.js'

type Payload = { metadata: Record<string, Uint8Array>; data: Uint8Array }

const bytes = (text: string) => Buffer.from(text)
const payload = (encoding: string, data: string): Payload => ({
  metadata: { encoding: bytes(encoding) },
  data: bytes(data),
})

/** What an approval could look like to a workflow that believed one. */
const claims: readonly unknown[] = [
  true,
  'approve',
  1,
  null,
  [],
  {},
  { approved: true },
  { approved: true, approver: 'person:ann' },
  { vote: 'approve', approver: 'person:ann', signature: 'AAAA' },
  { state: 'approved', votes: [{ approver: 'person:ann', vote: 'approve' }] },
  { decision: 'allow', quorum: 99 },
  { __proto__: { approved: true } },
  'x'.repeat(100_000),
]

/** Every claim under every encoding, and bytes that no converter reads. */
const payloads: readonly Payload[] = [
  ...claims.map((claim) => payload('json/plain', JSON.stringify(claim))),
  payload('binary/evil', 'not json'),
  payload('json/plain', '{"half":'),
  payload('binary/protobuf', '"x"'),
  payload('json/protobuf', '{}'),
  payload('binary/null', ''),
  payload('', ''),
  { metadata: {}, data: bytes('{"approved":true}') },
]

const names = ['approval', 'approve', 'vote', 'cancel', '__temporal_workflow_metadata'] as const

async function signal(desk: AttackedDesk, workflowId: string, signalName: string, sent: readonly Payload[]) {
  const header = { fields: { '_tracer-data': payload('binary/evil', 'x') } }
  await desk.temporal.workflowService.signalWorkflowExecution({
    namespace: desk.stack.temporal.namespace,
    workflowExecution: { workflowId },
    signalName,
    input: { payloads: [...sent] },
    header,
    requestId: randomUUID(),
  })
}

export const messages: readonly Attack<AttackedDesk>[] = [
  {
    rows: ['A1', 'D1', 'D16'],
    name: 'raw signals of every shape, undecodable ones too, approve nothing',
    carryOut: async (desk, tally) => {
      const target = await desk.hold()
      let sent = 0
      for (const name of names) {
        for (const one of [...payloads.map((each) => [each]), payloads, []]) {
          const arrived = await signal(desk, target.workflow.id, name, one).then(
            () => true,
            () => false,
          )
          if (arrived) sent += 1
          // Of those that arrive together only the first would be heard: each has its chance.
          await pause(100)
        }
      }
      await pause(3_000)
      const won = (await desk.refunded(target.amount)) > 0 || (await desk.outcome(target.id)) !== null
      for (let each = 0; each < sent; each += 1) tally.attempt('a signal was believed', won)
      if (sent < 50 && !won) throw new Error(`only ${sent} signals arrived`)
      tally.control('a real vote', (await desk.approveAndEnd(target)).outcome === 'succeeded')
      tally.control('one refund', (await desk.refunded(target.amount)) === 1)
    },
  },
  {
    rows: ['D9'],
    name: 'another workflow signals that it is approved',
    carryOut: async (desk, tally) => {
      const target = await desk.hold()
      await runRogue(desk, 'signalOther', [target.workflow.id, claims])
      await pause(2_000)
      const won = (await desk.refunded(target.amount)) > 0 || (await desk.outcome(target.id)) !== null
      for (const _ of claims) tally.attempt('a workflow was believed', won)
      tally.control('a real vote', (await desk.approveAndEnd(target)).outcome === 'succeeded')
    },
  },
  {
    rows: ['D17', 'D8'],
    name: 'a workflow is started with a signal, over one that waits and for an action nobody admitted',
    carryOut: async (desk, tally) => {
      const target = await desk.hold()
      const before = (await desk.rows('select from actions')).length
      for (const workflowId of [target.workflow.id, `acme/act_${'b'.repeat(26)}`, `globex/${target.id}`, 'nonsense']) {
        const [claim] = claims.slice(7)
        await desk.temporal.workflow
          .signalWithStart('actionRequest', {
            workflowId,
            taskQueue: 'exequatur',
            args: [{ request: { tenant: 'acme' } }],
            signal: 'approval',
            signalArgs: [claim],
          })
          .catch(() => undefined)
        await pause(500)
        tally.attempt(workflowId, (await desk.refunded(target.amount)) > 0)
      }
      tally.attempt('an action came to be', (await desk.rows('select from actions')).length > before)
      tally.control('a real vote', (await desk.approveAndEnd(target)).outcome === 'succeeded')
    },
  },
  {
    rows: ['D8'],
    name: 'the workflow is started directly, with a request of the attacker’s own and with one that is done',
    carryOut: async (desk, tally) => {
      const done = await desk.begin()
      await desk.agent.ended(done.id)
      const before = (await desk.rows('select from actions')).length
      const [row] = await desk.rows<{ request: string; request_digest: string; contracts: unknown }>(
        'select request, request_digest, contracts from actions where id = $1',
        [done.id],
      )
      const request = JSON.parse(row?.request ?? '{}')
      const admitted = { ...row, action_id: `act_${'c'.repeat(26)}`, request }
      for (const workflowId of [`acme/act_${'c'.repeat(26)}`, `acme/${done.id}`, 'acme/act_', 'exequatur-warm-up-2']) {
        await desk.temporal.workflow
          .execute('actionRequest', {
            workflowId,
            taskQueue: 'exequatur',
            args: [admitted],
            workflowIdReusePolicy: 'ALLOW_DUPLICATE',
          })
          .catch(() => undefined)
        tally.attempt(workflowId, (await desk.refunded(done.amount)) > 1)
      }
      tally.attempt('an action came to be', (await desk.rows('select from actions')).length > before)
      tally.control('what was admitted is done once', (await desk.refunded(done.amount)) === 1)
    },
  },
  {
    rows: ['D3'],
    name: 'a raw cancellation: nothing is given up, and nothing committed is undone',
    carryOut: async (desk, tally) => {
      const target = await desk.hold()
      await desk.cli.cancel(target.workflow.id)
      const [one, two] = [desk.nextAmount(), desk.nextAmount()]
      const args = (amount_cents: number) => ({ invoice_id: 'in_bulk', reason_code: 'service_issue', amount_cents })
      await desk.fault('billing', {
        match: 'POST /v1/refunds',
        mode: 'hang-before-applying',
        times: 1,
        where: { amount: String(two) },
      })
      const { body } = await desk.agent.post<{ id: string; workflow: { id: string } }>('/v1/actions', {
        plan: {
          steps: [
            { id: 'one', tool: 'refund_invoice', args: args(one) },
            { id: 'two', tool: 'refund_invoice', args: args(two) },
          ],
        },
        context: { request_id: randomUUID(), ticket_id: 'zd_1' },
      })
      await until('the first step is done', async () => (await desk.refunded(one)) === 1)
      await until(
        'the second step is under way',
        async () =>
          (await desk.rows("select from attempts where action_id = $1 and step = 'two'", [body.id])).length > 0,
      )
      await desk.cli.cancel(body.workflow.id)
      const ended = await desk.agent.ended(body.id, 90)
      tally.attempt(`a plan half done ended ${ended.outcome}`, ended.outcome !== 'succeeded')
      tally.attempt('its first step was undone', (await desk.undone(one)) > 0)
      tally.attempt('a waiting request was given up', (await desk.outcome(target.id)) !== null)
      tally.control('a real vote', (await desk.approveAndEnd(target)).outcome === 'succeeded')
    },
  },
  {
    rows: ['D2'],
    name: 'ten thousand signals are sent at once: the server stands, and whoever decides is still heard',
    carryOut: async (desk, tally) => {
      const target = await desk.hold()
      const flood = 10_200
      const { pid } = desk.stack.server
      let arrived = 0
      const send = async () => {
        for (let each = 0; each < flood / 64; each += 1) {
          const ok = await signal(desk, target.workflow.id, 'approval', []).then(
            () => true,
            () => false,
          )
          if (ok) arrived += 1
        }
      }
      await Promise.all(Array.from({ length: 64 }, send))
      if (arrived < 900) throw new Error(`only ${arrived} signals arrived`)
      tally.attempt(`${arrived} signals arrived`, (await desk.refunded(target.amount)) > 0)
      tally.attempt('the action ended', (await desk.outcome(target.id)) !== null)
      const other = await desk.begin().catch(() => null)
      tally.attempt('others cannot ask any more', other === null)
      tally.control('a real vote', (await desk.approveAndEnd(target)).outcome === 'succeeded')
      tally.attempt('the server ended', desk.stack.server.pid !== pid)
      tally.control('one refund', (await desk.refunded(target.amount)) === 1)
    },
  },
  {
    rows: ['D3'],
    name: 'runs are terminated and deleted while people decide and while a step is executed',
    carryOut: async (desk, tally) => {
      const target = await desk.hold()
      await desk.cli.terminate(target.workflow.id)
      await pause(1_000)
      tally.attempt('terminated while waiting', (await desk.refunded(target.amount)) > 0)
      tally.control('a real vote takes it up', (await desk.approveAndEnd(target)).outcome === 'succeeded')
      const deleted = await desk.hold()
      const workflowExecution = { workflowId: deleted.workflow.id }
      const { namespace } = desk.stack.temporal
      await desk.temporal.workflowService.deleteWorkflowExecution({ namespace, workflowExecution })
      await pause(2_000)
      tally.attempt('deleted while waiting', (await desk.refunded(deleted.amount)) > 0)
      tally.control('a real vote takes it up again', (await desk.approveAndEnd(deleted)).outcome === 'succeeded')
      await desk.fault('billing', { match: 'POST /v1/refunds', mode: 'hang-after-applying', times: 1 })
      const running = await desk.begin()
      await until('it is applied', async () => (await desk.refunded(running.amount)) === 1)
      await desk.cli.terminate(running.workflow.id)
      const ended = await desk.agent.ended(running.id, 90)
      tally.attempt('terminated while executing', (await desk.refunded(running.amount)) !== 1)
      tally.control('it is taken up by itself', ended.outcome === 'succeeded')
    },
  },
]
