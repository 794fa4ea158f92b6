import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Action, openTestDesk, type TestDesk, until } from '../_util/desk.js'
import { exq } from '../surfaces/cli-run.js'
import { type Shelf, startShelf } from './fixtures/shelf.js'

describe('a plan that was begun before its run was', () => {
  let desk: TestDesk
  let shelf: Shelf
  beforeAll(async () => {
    shelf = await startShelf()
    desk = await openTestDesk('resumed', {
      config: fileURLToPath(new URL('fixtures/resumed.config.ts', import.meta.url)),
      env: { executor: { SHELF_URL: shelf.url } },
    })
  })
  afterAll(async () => {
    await desk?.close()
    await shelf?.close()
  })

  const see = async (id: string) => (await desk.agent.get<Action>(`/v1/actions/${id}`)).body
  const submit = async (tools: readonly string[], items: readonly string[]): Promise<Action> => {
    const steps = items.map((item, index) => ({ id: `s${index + 1}`, tool: tools[index], args: { item } }))
    const context = { request_id: randomUUID(), ticket_id: 'zd_1' }
    return (await desk.agent.post<Action>('/v1/actions', { plan: { steps }, context }, 0)).body
  }
  const envelopes = (id: string) =>
    desk.rows<{ left: boolean }>(
      'select expires_at > now() as left from envelopes where action_id = $1 order by round',
      [id],
    )
  /** Approves what people are asked about an action in a round. */
  const approve = async (id: string, round = 1) => {
    await until('people are asked', async () => (await envelopes(id)).length === round)
    const answer = await desk.approve(await see(id), 'ann')
    expect(answer.status, JSON.stringify(answer.body)).toBe(200)
  }
  const overdue = (id: string) =>
    until('the approval has expired', async () => (await envelopes(id)).every(({ left }) => !left))
  const order = async (line: string) => {
    const env = { EXEQUATUR_API: desk.dev.api, EXEQUATUR_TOKEN: desk.dev.tokens.people.omar }
    const ran = await exq([...line.split(' '), '-o', 'json'], { env })
    expect(ran.code, ran.stderr).toBe(0)
  }

  /** A plan of two steps that was approved; the first is done, and the second is held by a stop. */
  const halfDone = async (prefix: string): Promise<Action> => {
    const action = await submit(['shelve', 'shelve_once'], [`${prefix}a`, `${prefix}b`])
    await approve(action.id)
    const found = "select from verifications where action_id = $1 and step = 's1' and found = 'committed'"
    await until('the first step is done', async () => (await desk.rows(found, [action.id])).length === 1)
    return action
  }

  test('is asked about anew when its run is reset to an approval that expired, and goes on from where it was', async () => {
    await order('stop tool shelve_once --reason Inventory --pending wait')
    const { id, workflow } = await halfDone('on')
    await overdue(id)
    await desk.cli.resetBefore(workflow.id, 'shelve')
    await approve(id, 2)
    await order('resume tool shelve_once --reason Counted')
    expect(await desk.agent.ended(id, 60)).toMatchObject({ outcome: 'succeeded' })
    expect(shelf.asked('on')).toEqual(['put ona', 'put onb'])
  }, 180_000)

  test('is undone, once, where nobody decides then', async () => {
    await order('stop tool shelve_once --reason Inventory --pending wait')
    const { id, workflow } = await halfDone('off')
    await overdue(id)
    await desk.cli.resetBefore(workflow.id, 'shelve')
    const ended = await desk.agent.ended(id, 90)
    await order('resume tool shelve_once --reason Counted')
    expect(ended).toMatchObject({ outcome: 'compensated', problem: { code: 'EXQ-4007' } })
    expect(shelf.asked('off')).toEqual(['put offa', 'take offa'])
    expect(await envelopes(id)).toHaveLength(2)
  }, 180_000)

  test('is undone, once, where it was cancelled, and its run is reset to its approval', async () => {
    await order('stop tool shelve_once --reason Inventory --pending wait')
    const { id, workflow } = await halfDone('no')
    // Nobody undoes it before the reset.
    process.kill(desk.stack.executor.pid as number, 'SIGSTOP')
    try {
      expect((await desk.agent.post(`/v1/actions/${id}/cancel`, { reason: 'changed my mind' })).status).toBe(200)
      await desk.cli.resetBefore(workflow.id, 'shelve')
    } finally {
      process.kill(desk.stack.executor.pid as number, 'SIGCONT')
    }
    const ended = await desk.agent.ended(id, 90)
    await order('resume tool shelve_once --reason Counted')
    expect(ended).toMatchObject({ outcome: 'compensated', problem: { code: 'EXQ-5007' } })
    const made = shelf.requests.filter(({ item, done }) => item === 'noa' && done)
    expect(made.map(({ operation }) => operation)).toEqual(['put', 'take'])
    expect(shelf.asked('nob')).toEqual([])
  }, 180_000)

  test('of which a call is under way is not asked about again, nor undone, although its approval expired', async () => {
    shelf.fault('put', 'slow', 'hold')
    const { id, workflow } = await submit(['shelve_slowly'], ['slow'])
    await approve(id)
    await until('it is under way', async () => shelf.items.has('slow'))
    await overdue(id)
    const terminated = (await desk.cli.history(workflow.id)).events.length
    await desk.cli.terminate(workflow.id)
    await until('a new run waits for the call', async () => {
      const { events } = await desk.cli.history(workflow.id)
      return (
        events.length !== terminated + 1 && events.some(({ eventType }) => eventType.includes('ACTIVITY_TASK_SCHED'))
      )
    })
    shelf.release()
    expect(await desk.agent.ended(id, 90)).toMatchObject({ outcome: 'succeeded' })
    const made = shelf.requests.filter(({ item, done }) => item === 'slow' && done)
    expect(made.map(({ operation }) => operation)).toEqual(['put'])
    expect(shelf.asked('slow')).not.toContain('take slow')
    expect(await envelopes(id)).toHaveLength(1)
  }, 180_000)

  test('goes on with undoing where it had halted: nobody is asked about what is left of it', async () => {
    await order('stop tool shelve_once --reason Inventory --pending wait')
    const { id, workflow } = await halfDone('halt')
    await order('stop tool shelve --reason Inventory --pending wait')
    await order('stop tool shelve_once --reason Enough --pending end')
    await until(
      'it has halted',
      async () => (await desk.rows('select from halts where action_id = $1', [id])).length === 1,
    )
    await overdue(id)
    await desk.cli.terminate(workflow.id)
    await order('resume tool shelve_once --reason Counted')
    await order('resume tool shelve --reason Counted')
    expect(await desk.agent.ended(id, 90)).toMatchObject({ outcome: 'compensated' })
    expect(await envelopes(id)).toHaveLength(1)
    expect(shelf.asked('halt')).toEqual(['put halta', 'take halta'])
  }, 180_000)
})
