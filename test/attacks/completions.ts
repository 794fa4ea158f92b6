import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { until } from '../_util/desk.js'
import type { Attack } from './attack.js'
import { type AttackedDesk, pause } from './attacked-desk.js'
import { runRogue } from './rogue-workflow.js'

const forged = { state: 'committed', verified: true, output: { refund_id: 're_forged' }, error: null, decision: null }

export const completions: readonly Attack<AttackedDesk>[] = [
  {
    rows: ['D6'],
    name: 'an activity is completed, or failed, by its id with a forged result',
    carryOut: async (desk, tally) => {
      await desk.fault('billing', { match: 'POST /v1/refunds', mode: 'hang-before-applying', times: 2 })
      const [completed, failed] = [await desk.begin(), await desk.begin()]
      for (const { id } of [completed, failed]) await desk.attempted(id)
      const handle = (id: string) => ({ workflowId: id, activityId: 'step1.execute.1' })
      await desk.temporal.activity.complete(handle(completed.workflow.id), forged)
      await desk.temporal.activity.fail(handle(failed.workflow.id), new Error('it never happened'))
      await pause(1_500)
      for (const target of [completed, failed]) {
        const outcome = await desk.outcome(target.id)
        tally.attempt(`${outcome} without an effect`, outcome !== null && (await desk.refunded(target.amount)) === 0)
      }
      for (const target of [completed, failed]) {
        const ended = await desk.agent.ended(target.id, 90)
        tally.attempt('the forged output stands', JSON.stringify(ended.steps).includes('re_forged'))
        tally.control(`it ends with the truth: ${ended.outcome}`, ended.outcome === 'succeeded')
        tally.control('one refund', (await desk.refunded(target.amount)) === 1)
      }
    },
  },
  {
    rows: ['D6'],
    name: 'a verification is completed by its id: nothing succeeds unverified',
    carryOut: async (desk, tally) => {
      await desk.fault('billing', { match: 'GET /v1/refunds/:id', mode: 'hang-before-applying', times: 1 })
      const target = await desk.begin()
      const handle = { workflowId: target.workflow.id, activityId: 'step1.verify' }
      await until('the verification is completed', () =>
        desk.temporal.activity.complete(handle, forged).then(
          () => true,
          () => false,
        ),
      )
      const ended = await desk.agent.ended(target.id, 90)
      const found = await desk.rows<{ found: string }>('select found from verifications where action_id = $1', [
        target.id,
      ])
      tally.attempt('it succeeded unverified', ended.outcome === 'succeeded' && found[0]?.found !== 'committed')
      tally.control('it was verified after all', found[0]?.found === 'committed')
    },
  },
  {
    rows: ['D7'],
    name: 'a rogue worker takes what is meant for the executor, and says that all went well',
    carryOut: async (desk, tally) => {
      await desk.stack.executor.kill('SIGKILL')
      const rogue = await startRogue(desk)
      const targets = [await desk.begin(), await desk.begin(), await desk.begin()]
      await until('the rogue worker has forged', async () => rogue.forged() >= 6)
      for (const target of targets)
        tally.attempt(
          `${await desk.outcome(target.id)} by a rogue worker`,
          (await desk.outcome(target.id)) === 'succeeded' || (await desk.refunded(target.amount)) > 0,
        )
      await rogue.stop()
      await desk.stack.executor.restart()
      for (const target of targets) {
        const ended = await desk.agent.ended(target.id, 90)
        tally.attempt('what it forged stands', JSON.stringify(ended.steps).includes('re_forged'))
        tally.control('the real one does it', ended.outcome === 'succeeded')
        tally.control('one refund', (await desk.refunded(target.amount)) === 1)
      }
    },
  },
  {
    rows: ['D7', 'A18'],
    name: 'a rogue workflow schedules the executor’s activities for what waits, and for what is done',
    carryOut: async (desk, tally) => {
      const [waits, done] = [await desk.hold(), await desk.begin()]
      await desk.agent.ended(done.id)
      const types = ['refund_invoice', 'refund_invoice/verify', 'refund_invoice/compensate', 'get_invoice']
      const refs = [waits, done].flatMap(({ id }) =>
        [1, 2].flatMap((round) =>
          ['execute', 'compensate', 'observe'].map((phase) => ({
            tenant: 'acme',
            action_id: id,
            round,
            step: 'step1',
            phase,
          })),
        ),
      )
      const foreign = [{ ...refs[0], tenant: 'globex' }, { ...refs[0], step: 'step9' }, {}, null]
      await runRogue(desk, 'scheduleAll', [types, [...refs, ...foreign]])
      const won = (await desk.refunded(waits.amount)) > 0
      const undone = (await desk.undone(done.amount)) > 0
      for (const _ of types) tally.attempt('what waits was done', won)
      for (const _ of types) tally.attempt('what was done was undone', undone)
      tally.attempt('what was done was done again', (await desk.refunded(done.amount)) !== 1)
      const fresh = await desk.hold()
      tally.control('a real vote', (await desk.approveAndEnd(fresh)).outcome === 'succeeded')
    },
  },
  {
    rows: ['D7'],
    name: 'a rogue worker on the decision queue completes a run: the action goes on, and nothing is done by it',
    carryOut: async (desk, tally) => {
      const target = await desk.hold()
      await desk.stack.server.kill('SIGKILL')
      await completeRun(desk, target.workflow.id)
      const { status } = await desk.temporal.workflow.getHandle(target.workflow.id).describe()
      if (status.name !== 'COMPLETED') throw new Error(`the run is ${status.name}`)
      await desk.stack.server.restart()
      tally.attempt('the action ended', (await desk.outcome(target.id)) !== null)
      await until('the action goes on in another run', async () => {
        const now = await desk.temporal.workflow.getHandle(target.workflow.id).describe()
        return now.status.name === 'RUNNING'
      })
      tally.attempt('refunded', (await desk.refunded(target.amount)) > 0)
      tally.control('a real vote', (await desk.approveAndEnd(target)).outcome === 'succeeded')
      tally.control('one refund', (await desk.refunded(target.amount)) === 1)
      await pause(12_000)
      const { runId } = await desk.temporal.workflow.getHandle(target.workflow.id).describe()
      const [row] = await desk.rows<{ run_id: string }>('select run_id from actions where id = $1', [target.id])
      tally.control('what has ended is not started again', row?.run_id === runId)
    },
  },
  {
    rows: ['D5'],
    name: 'a hanging activity is reset and given more attempts',
    carryOut: async (desk, tally) => {
      await desk.fault('billing', { match: 'POST /v1/refunds', mode: 'hang-after-applying', times: 1 })
      const target = await desk.begin()
      await until('it is applied', async () => (await desk.refunded(target.amount)) === 1)
      const execution = { workflowId: target.workflow.id }
      const namespace = desk.stack.temporal.namespace
      const { workflowService } = desk.temporal
      for (let times = 0; times < 3; times += 1) {
        await workflowService.resetActivity({ namespace, execution, id: 'step1.execute.1', identity: 'intruder' })
        await workflowService.updateActivityOptions({
          namespace,
          execution,
          id: 'step1.execute.1',
          identity: 'intruder',
          activityOptions: { retryPolicy: { maximumAttempts: 100 } },
          updateMask: { paths: ['retry_policy.maximum_attempts'] },
        })
        await pause(500)
        tally.attempt('applied again', (await desk.refunded(target.amount)) > 1)
      }
      const ended = await desk.agent.ended(target.id, 90)
      tally.attempt('applied again at last', (await desk.refunded(target.amount)) > 1)
      tally.control('it ends', ended.outcome === 'succeeded')
    },
  },
]

const completeWorkflowExecution = 4

/** Takes the next task of a run off the decision queue, as any worker can, and says that the run has succeeded. */
async function completeRun(desk: AttackedDesk, workflowId: string): Promise<void> {
  const { namespace } = desk.stack.temporal
  const { workflowService } = desk.temporal
  await desk.cli.signal(workflowId)
  const forged = JSON.stringify({ outcome: 'succeeded', explanation: 'all is well' })
  const result = { payloads: [{ metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from(forged) }] }
  await until('the rogue worker has its task', async () => {
    const poll = { namespace, taskQueue: { name: 'exequatur' }, identity: 'intruder' }
    const task = await desk.temporal
      .withDeadline(Date.now() + 20_000, () => workflowService.pollWorkflowTaskQueue(poll))
      .catch(() => null)
    if (task?.workflowExecution?.workflowId !== workflowId) return false
    await workflowService.respondWorkflowTaskCompleted({
      namespace,
      taskToken: task.taskToken,
      identity: 'intruder',
      commands: [{ commandType: completeWorkflowExecution, completeWorkflowExecutionCommandAttributes: { result } }],
    })
    return true
  })
}

/** A worker in a process of its own, on the executor's queue. */
async function startRogue(
  desk: AttackedDesk,
): Promise<{ readonly forged: () => number; readonly stop: () => Promise<void> }> {
  const program = fileURLToPath(new URL('./fixtures/rogue-worker.ts', import.meta.url))
  const types = ['refund_invoice', 'refund_invoice/verify', 'refund_invoice/compensate', 'get_invoice']
  const child: ChildProcess = spawn(
    process.execPath,
    ['--import', 'tsx', program, desk.stack.temporal.address, ...types],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  )
  let said = ''
  child.stdout?.on('data', (text) => {
    said += text
  })
  await until('the rogue worker polls', async () => said.includes('polling'))
  return {
    forged: () => said.split('forged').length - 1,
    stop: async () => {
      const ended = new Promise((done) => child.once('exit', done))
      child.kill('SIGKILL')
      await ended
    },
  }
}
