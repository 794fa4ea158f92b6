import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Choice } from '../../src/domain/attention.js'
import { type Action, openTestDesk, type TestDesk, until } from '../_util/desk.js'
import { exq } from '../surfaces/cli-run.js'
import { type Shelf, startShelf } from './fixtures/shelf.js'

describe('undoing a plan', () => {
  let desk: TestDesk
  let shelf: Shelf
  beforeAll(async () => {
    shelf = await startShelf()
    desk = await openTestDesk('undo', {
      config: fileURLToPath(new URL('fixtures/shelf.config.ts', import.meta.url)),
      env: { executor: { SHELF_URL: shelf.url } },
    })
  })
  afterAll(async () => {
    await desk?.close()
    await shelf?.close()
  })

  let plans = 0
  /** Three things of its own for one plan, by the tools that put them there. The third is refused, unless it is said not to be. */
  const plan = (tools = ['shelve', 'shelve', 'shelve'], refused = true) => {
    plans += 1
    const items = ['a', 'b', 'c'].slice(0, tools.length).map((letter) => `${plans}${letter}`)
    if (refused) shelf.fault('put', items.at(-1) as string, 'refuse')
    const steps = items.map((item, index) => ({ id: `s${index + 1}`, tool: tools[index], args: { item } }))
    return { items, prefix: String(plans), steps }
  }
  const submit = async (steps: readonly unknown[], wait = 0): Promise<Action> =>
    (
      await desk.agent.post<Action>(
        '/v1/actions',
        { plan: { steps }, context: { request_id: randomUUID(), ticket_id: 'zd_1' } },
        wait,
      )
    ).body
  const undoings = (id: string) =>
    desk.rows(
      `select i.step, i.generation, (select count(*)::int from attempts t where (t.tenant, t.action_id, t.step, t.phase, t.generation)
         = (i.tenant, i.action_id, i.step, i.phase, i.generation)) as attempts, v.found
       from intents i left join verifications v using (tenant, action_id, step, phase, generation)
       where action_id = $1 and i.phase = 'compensate' order by i.intended_at`,
      [id],
    )
  const statuses = (action: Action) => action.steps.map(({ status }) => status)
  const attentionOf = async (id: string, reason: string) => {
    const find = () =>
      desk.rows<{ id: string }>(
        'select id from attentions where action_id = $1 and reason = $2 order by opened_at desc',
        [id, reason],
      )
    await until('a person is asked', async () => (await find()).length > 0)
    return (await find())[0]?.id as string
  }
  const resolve = async (attention: string, choice: Choice) => {
    const answer = await desk.resolve(attention, 'ann', choice)
    expect(answer.status, JSON.stringify(answer.body)).toBe(200)
  }

  test('goes backwards, each step under a key of its own, and is believed once it was seen', async () => {
    const { steps, items, prefix } = plan()
    const ended = await submit(steps, 20)
    expect(ended.outcome).toBe('compensated')
    expect(statuses(ended)).toEqual(['undone', 'undone', 'failed'])
    const [a, b, c] = items
    expect(shelf.asked(prefix)).toEqual([`put ${a}`, `put ${b}`, `put ${c}`, `take ${b}`, `take ${a}`])
    const keys = shelf.requests.filter(({ item }) => item.startsWith(prefix)).map(({ key }) => key)
    expect(new Set(keys).size).toBe(5)
    expect(await undoings(ended.id)).toEqual([
      { step: 's2', generation: 0, attempts: 1, found: 'committed' },
      { step: 's1', generation: 0, attempts: 1, found: 'committed' },
    ])
  })

  test('whose answer got lost is sent again under the same key, and happened once', async () => {
    const { steps, items, prefix } = plan()
    shelf.fault('take', items[1] as string, 'lose', 'drop')
    const ended = await desk.agent.ended((await submit(steps)).id, 60)
    expect(ended.outcome).toBe('compensated')
    const takes = shelf.requests.filter(({ operation, item }) => operation === 'take' && item === items[1])
    expect(takes.length).toBe(3)
    expect(new Set(takes.map(({ key }) => key)).size).toBe(1)
    expect(takes.filter(({ done }) => done)).toHaveLength(1)
    expect(shelf.asked(prefix).at(-1)).toBe(`take ${items[0]}`)
  })

  test('that may be asked for only once, and whose answer got lost, is looked at, not repeated', async () => {
    const { steps, items, prefix } = plan(['shelve', 'shelve_once', 'shelve'])
    shelf.fault('take', items[1] as string, 'lose')
    const ended = await desk.agent.ended((await submit(steps)).id, 60)
    expect(ended.outcome).toBe('compensated')
    expect(shelf.asked(prefix).slice(3)).toEqual([`take ${items[1]}`, `take ${items[0]}`])
  })

  test('of a call whose own answer got lost goes by what the look gave back', async () => {
    const { steps, items } = plan(['shelve', 'shelve_once', 'shelve'])
    shelf.fault('put', items[1] as string, 'lose')
    const ended = await desk.agent.ended((await submit(steps)).id, 60)
    expect(ended.outcome).toBe('compensated')
    expect(statuses(ended)).toEqual(['undone', 'undone', 'failed'])
    expect(items.filter((item) => shelf.items.has(item))).toEqual([])
  })

  test('survives the executor: killed within each undoing, each happened once', async () => {
    const { steps, items, prefix } = plan()
    for (const item of items.slice(0, 2)) shelf.fault('take', item, 'hold')
    const { id } = await submit(steps)
    for (const item of [items[1], items[0]]) {
      await until(`${item} is taken`, async () => shelf.asked(prefix).includes(`take ${item}`))
      await desk.stack.executor.kill('SIGKILL')
      await desk.stack.executor.restart()
    }
    const ended = await desk.agent.ended(id, 60)
    shelf.release()
    expect(ended.outcome).toBe('compensated')
    const done = shelf.requests.filter(({ item, done }) => item.startsWith(prefix) && done)
    expect(done.map(({ operation, item }) => `${operation} ${item}`).slice(2)).toEqual([
      `take ${items[1]}`,
      `take ${items[0]}`,
    ])
  })

  test('that is refused is left to people, and the rest is undone: by hand, or once more under a new key', async () => {
    const { steps, items, prefix } = plan()
    shelf.fault('take', items[0] as string, 'refuse')
    shelf.fault('take', items[1] as string, 'refuse')
    const { id } = await submit(steps)
    await until('both were tried', async () => shelf.asked(prefix).length === 5)
    expect(shelf.asked(prefix).slice(3)).toEqual([`take ${items[1]}`, `take ${items[0]}`])
    await until('people are asked about both', async () => {
      return (
        (await desk.rows("select from attentions where action_id = $1 and reason = 'not-undone'", [id])).length === 2
      )
    })
    const asked = await desk.rows<{ id: string; step: string }>(
      'select id, step from attentions where action_id = $1 order by step',
      [id],
    )
    expect(asked.map(({ step }) => step)).toEqual(['s1', 's2'])
    expect((await desk.agent.get(`/v1/actions/${id}`)).body.outcome).toBeNull()

    shelf.fault('take', items[0] as string, 'refuse')
    await resolve(asked[0]?.id as string, 'attempt-again')
    const anew = async () =>
      desk.rows<{ id: string }>("select id from attentions where action_id = $1 and step = 's1' and generation = 1", [
        id,
      ])
    await until('people are asked anew, as it is refused again', async () => (await anew()).length === 1)
    await resolve((await anew())[0]?.id as string, 'attempt-again')
    await until('it is tried again', async () => !shelf.items.has(items[0] as string))
    shelf.items.delete(items[1] as string)
    await resolve(asked[1]?.id as string, 'happened')
    const ended = await desk.agent.ended(id, 30)
    expect(ended.outcome).toBe('compensated')
    expect(await undoings(id)).toMatchObject([
      { step: 's2', generation: 0 },
      { step: 's1', generation: 0 },
      { step: 's1', generation: 1, attempts: 1, found: null },
      { step: 's1', generation: 2, attempts: 1, found: 'committed' },
    ])
    const keys = shelf.requests.filter(({ operation, item }) => operation === 'take' && item === items[0])
    expect(new Set(keys.map(({ key }) => key)).size).toBe(3)
  })

  test('that is answered with yes, and is not done, has diverged: the rest is undone, and it ends as people leave it', async () => {
    const { steps, items } = plan()
    shelf.fault('take', items[1] as string, 'lie')
    const { id } = await submit(steps)
    const attention = await attentionOf(id, 'not-undone')
    expect(shelf.items.has(items[0] as string)).toBe(false)
    expect(await undoings(id)).toMatchObject([
      { step: 's2', found: 'not-committed' },
      { step: 's1', found: 'committed' },
    ])
    await resolve(attention, 'leave')
    const ended = await desk.agent.ended(id, 30)
    expect(ended).toMatchObject({ outcome: 'needs-attention', problem: { code: 'EXQ-5006' } })
    expect(ended.explanation).toContain('Still there: s2.')
    expect(statuses(ended)).toEqual(['undone', 'done', 'failed'])
  })

  test('is ordered by a cancellation that comes while the last step is executed', async () => {
    const { steps, items } = plan(['shelve', 'shelve'], false)
    shelf.fault('put', items[1] as string, 'hold')
    const { id } = await submit(steps)
    await until('the last step is under way', async () => shelf.items.has(items[1] as string))
    expect((await desk.agent.post(`/v1/actions/${id}/cancel`, { reason: 'changed my mind' })).status).toBe(200)
    shelf.release()
    const ended = await desk.agent.ended(id, 60)
    expect(ended).toMatchObject({ outcome: 'compensated', problem: { code: 'EXQ-5007' } })
    expect(items.filter((item) => shelf.items.has(item))).toEqual([])
    const late = await desk.agent.post(`/v1/actions/${id}/cancel`, {})
    expect(late).toMatchObject({ status: 409, body: { code: 'EXQ-6003' } })
  })

  test('goes on although its agent is stopped and revoked, waits while its tool is stopped, and goes on after that', async () => {
    const { steps, items, prefix } = plan(['shelve', 'shelve_once', 'shelve'], false)
    shelf.fault('put', items[1] as string, 'hold')
    const { id } = await submit(steps)
    await until('the second step is under way', async () => shelf.items.has(items[1] as string))
    const order = async (line: string) => {
      const env = { EXEQUATUR_API: desk.dev.api, EXEQUATUR_TOKEN: desk.dev.tokens.people.omar }
      const ran = await exq([...line.split(' '), '-o', 'json'], { env })
      expect(ran.code, ran.stderr).toBe(0)
    }
    await order('stop tool shelve --reason Inventory --pending end')
    await order('stop agent support_refunds_v2 --reason Enough')
    shelf.release()
    await until('what the stop does not hold is undone', async () => !shelf.items.has(items[1] as string))
    await new Promise((done) => setTimeout(done, 3_000))
    expect(shelf.asked(prefix)).toEqual([`put ${items[0]}`, `put ${items[1]}`, `take ${items[1]}`])
    await order('resume tool shelve --reason Counted')
    const ended = await desk.person('omar').ended(id)
    expect(ended).toMatchObject({ outcome: 'compensated', problem: { code: 'EXQ-1110' } })
    expect(statuses(ended)).toEqual(['undone', 'undone', 'skipped'])
    await order('resume agent support_refunds_v2 --reason Fine')
  })

  test('goes on by itself where its run is terminated or deleted in the middle, each happened once', async () => {
    const disturbed = async (disturb: (workflowId: string) => Promise<void>) => {
      const { steps, items, prefix } = plan()
      shelf.fault('take', items[1] as string, 'hold')
      const { id, workflow } = await submit(steps)
      await until('the first undoing is under way', async () => shelf.asked(prefix).includes(`take ${items[1]}`))
      await disturb(workflow.id)
      return { id, items }
    }
    const plans = [await disturbed(desk.cli.terminate), await disturbed(desk.cli.delete)]
    shelf.release()
    for (const { id, items } of plans) {
      expect((await desk.agent.ended(id, 60)).outcome).toBe('compensated')
      const taken = shelf.requests.filter(
        ({ operation, item, done }) => operation === 'take' && items.includes(item) && done,
      )
      expect(taken.map(({ item }) => item)).toEqual([items[1], items[0]])
    }
  })

  test('is done once, however often its run is reset', async () => {
    const { steps, prefix } = plan()
    const ended = await submit(steps, 20)
    const before = shelf.asked(prefix).length
    const runId = await desk.cli.resetBefore(ended.workflow.id, 'shelve')
    await until(
      'the new run ended',
      async () => (await desk.agent.get(`/v1/actions/${ended.id}`)).body.workflow.run_id === runId,
    )
    expect((await desk.agent.get(`/v1/actions/${ended.id}`)).body.outcome).toBe('compensated')
    expect(shelf.asked(prefix)).toHaveLength(before)
  })
})
