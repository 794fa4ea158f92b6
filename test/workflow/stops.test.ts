import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Action, openTestDesk, refund, type TestDesk, until } from '../_util/desk.js'
import { exq } from '../surfaces/cli-run.js'

const agent = 'agent:support_refunds_v2'

describe('a stop, on the real stack', () => {
  let desk: TestDesk
  beforeAll(async () => {
    desk = await openTestDesk('stops')
  })
  afterAll(() => desk?.close())

  const run = async (line: string, as = 'omar') => {
    const env = { EXEQUATUR_API: desk.dev.api, EXEQUATUR_TOKEN: desk.dev.tokens.people[as] }
    const ran = await exq([...line.split(' '), '-o', 'json'], { env })
    return { ...ran, json: () => JSON.parse(ran.stdout) }
  }
  const direct = (line: string) =>
    exq([...line.split(' '), '--direct', '-o', 'json'], { env: { DATABASE_URL: desk.dev.database_url } })
  const ask = async (amount = 1_000, invoice?: string) =>
    (await desk.agent.ask('refund_invoice', refund(amount, invoice), 0)).body
  const attempts = (ids: readonly string[], phase = 'execute') =>
    desk.rows<{ action_id: string; attempt: number; late: boolean }>(
      'select action_id, attempt from attempts where action_id = any ($1) and phase = $2',
      [ids, phase],
    )
  const youngerThan = async (moment: string) =>
    desk.rows('select action_id, attempt, attempted_at from attempts where attempted_at > $1::timestamptz', [moment])
  const stopped = async (id: string) => (await desk.agent.get<StoppedAction>(`/v1/actions/${id}`)).body.stopped
  let amount = 90_000
  const waits = async (): Promise<Action> => {
    // No two alike: they would be joined.
    amount += 1
    const { id } = await ask(amount, await desk.invoice())
    await until('approval is asked for', async () => (await desk.agent.get(`/v1/actions/${id}`)).body.approval !== null)
    return (await desk.agent.get(`/v1/actions/${id}`)).body
  }

  test('of an agent with 50 actions in flight: no attempt is younger than the acknowledgement, and the billing system agrees', async () => {
    const before = await desk.refunds('in_bulk')
    // Some get no answer, so that a second attempt is due when the stop has come; too few to open the breaker.
    await desk.fault('billing', { match: 'POST /v1/refunds', mode: 'unavailable', times: 4 })
    const asked = Array.from({ length: 50 }, () => ask())
    await until('some have begun', async () => {
      const [row] = await desk.rows<{ count: number }>(
        "select count(distinct action_id)::int as count from attempts where phase = 'execute'",
      )
      return (row?.count ?? 0) >= 5
    })
    let stopping = true
    const stop = run('stop agent support_refunds_v2 --reason It-floods').finally(() => {
      stopping = false
    })
    // It comes while more is asked for, however far those before have got.
    while (stopping) {
      asked.push(ask())
      await new Promise((done) => setTimeout(done, 50))
    }
    const order = await stop
    expect(order.code).toBe(0)
    const acknowledged = order.json().acknowledged_at as string
    const ids = (await Promise.all(asked)).flatMap(({ id }) => id ?? [])
    const admitted = (await desk.rows<{ id: string }>('select id from actions')).map(({ id }) => id)
    await Promise.all(admitted.map((id) => desk.person('omar').ended(id, 120)))
    expect(await youngerThan(acknowledged)).toEqual([])

    const begun = new Set((await attempts(admitted)).map(({ action_id }) => action_id))
    const applied = (await desk.refunds('in_bulk')) - before
    expect(begun.size).toBeGreaterThanOrEqual(5)
    expect(applied).toBeLessThanOrEqual(begun.size)
    // By its answer or, where that got lost, by a look.
    const committed = await desk.rows(
      `select action_id from outcomes where phase = 'execute' and effect = 'committed'
       union select action_id from verifications where phase = 'execute' and found = 'committed'`,
    )
    expect(applied).toBe(committed.length)
    const denied = await desk.rows("select 1 from actions where outcome = 'denied' and explanation like '%It-floods%'")
    expect(denied.length).toBeGreaterThan(0)
    expect(ids.length).toBeGreaterThan(begun.size)

    const refusedAtTheDoor = await desk.agent.ask('refund_invoice', refund(1_000), 0)
    expect(refusedAtTheDoor).toMatchObject({ status: 403, body: { code: 'EXQ-1110' } })
    expect((await run('resume agent support_refunds_v2 --reason Repaired')).code).toBe(0)
    // After so many failures the breaker lets calls through one by one.
    const { id } = (await desk.agent.ask('refund_invoice', refund(1_005), 0)).body
    expect((await desk.agent.ended(id, 120)).outcome).toBe('succeeded')
  }, 240_000)

  test('between one attempt and the next: the second one is not made before it is resumed', async () => {
    await desk.fault('billing', { match: 'POST /v1/refunds', mode: 'hang-before-applying', times: 1 })
    const before = await desk.refunds('in_bulk')
    const { id } = await ask(1_010)
    await until('the first attempt is made', async () => (await attempts([id])).length >= 1)
    expect((await run('stop tool refund_invoice --reason Look-at-it --pending wait')).code).toBe(0)
    await until('the first attempt came to nothing', async () => {
      const rows = await desk.rows("select 1 from outcomes where action_id = $1 and phase = 'execute'", [id])
      return rows.length === 1
    })
    await new Promise((done) => setTimeout(done, 5_000))
    expect(await attempts([id])).toHaveLength(1)
    expect(await stopped(id)).toMatchObject({ scope: 'tool:refund_invoice', reason: 'Look-at-it', by: 'person:omar' })
    expect((await run('resume tool refund_invoice --reason Fine')).code).toBe(0)
    expect((await desk.agent.ended(id)).outcome).toBe('succeeded')
    expect(await desk.refunds('in_bulk')).toBe(before + 1)
  })

  test('that lets wait: what people approved meanwhile runs once it is resumed, decided on anew', async () => {
    const held = await waits()
    expect((await run('stop agent support_refunds_v2 --reason Wait-a-moment --pending wait')).code).toBe(0)
    const view = await desk
      .person('ann')
      .get<{ state: string; stopped: { scope: string } }>(`/v1/approvals/${held.approval?.id}`)
    expect(view.body).toMatchObject({ state: 'waiting', stopped: { scope: agent } })
    await desk.approve(held, 'ann')
    const admittedToWait = (await desk.agent.ask('refund_invoice', refund(1_020), 0)).body
    await new Promise((done) => setTimeout(done, 4_000))
    for (const id of [held.id, admittedToWait.id]) {
      expect(await stopped(id)).toMatchObject({ scope: agent, pending: 'wait' })
      expect(await attempts([id])).toEqual([])
    }
    expect((await run('resume agent support_refunds_v2 --reason Go-on')).code).toBe(0)
    for (const id of [held.id, admittedToWait.id]) expect((await desk.agent.ended(id)).outcome).toBe('succeeded')
  })

  test('that lets wait can be cancelled under', async () => {
    expect((await run('stop tenant --reason Inventory --pending wait')).code).toBe(0)
    const { id } = await ask(1_030)
    await until('it waits', async () => (await stopped(id)) !== null)
    await desk.agent.post(`/v1/actions/${id}/cancel`, {})
    expect((await desk.agent.ended(id)).outcome).toBe('cancelled')
    expect((await run('resume tenant --reason Done')).code).toBe(0)
  })

  test('that ends: what waits for people ends with its next step, the stop named', async () => {
    const held = await waits()
    const other = await waits()
    expect((await run('stop owner olga --reason Olga-left')).code).toBe(0)
    await desk.approve(held, 'ann')
    const ended = await desk.person('ann').ended(held.id)
    expect(ended).toMatchObject({ outcome: 'denied', problem: { code: 'EXQ-1110' } })
    expect(ended.explanation).toContain('Stopped (owner:person:olga) by person:omar: Olga-left')
    expect((await desk.person('ann').get(`/v1/actions/${other.id}`)).body.outcome).toBeNull()
    expect((await run('resume owner olga --reason She-is-back')).code).toBe(0)
    await desk.approve(other, 'ann')
    expect((await desk.agent.ended(other.id)).outcome).toBe('succeeded')
  })

  test('of everything is an order on the ledger itself', async () => {
    expect((await run('stop all --reason Mine')).stderr).toContain('EXQ-4020')
    const order = await direct('stop all --reason Incident-41 --pending wait')
    expect({ code: order.code, stderr: order.stderr }).toEqual({ code: 0, stderr: '' })
    const { id } = await ask(1_040)
    await until('it waits', async () => (await stopped(id))?.scope === 'all')
    const late = await youngerThan(JSON.parse(order.stdout).acknowledged_at)
    expect(late).toEqual([])
    expect((await direct('resume all --reason Over')).code).toBe(0)
    expect((await desk.agent.ended(id)).outcome).toBe('succeeded')
  })

  test('of a tool holds undoing too, one of its agent does not', async () => {
    await desk.fault('billing', { match: 'POST /v1/refunds', mode: 'hang-before-applying', times: 1 })
    const steps = [
      { id: 'ticket', tool: 'create_jira_ticket', args: { project_key: 'DESK', summary: 'Undone' } },
      { id: 'refund', tool: 'refund_invoice', args: refund(1_060) },
    ]
    const context = { request_id: randomUUID(), ticket_id: 'zd_1' }
    const { id } = (await desk.agent.post<Action>('/v1/actions', { plan: { steps }, context })).body
    const refunding = "select 1 from attempts where action_id = $1 and phase = 'execute' and step = 'refund'"
    await until('the refund is under way', async () => (await desk.rows(refunding, [id])).length > 0)
    expect((await run('stop tool create_jira_ticket --reason Not-now --pending wait')).code).toBe(0)
    expect((await run('stop agent support_refunds_v2 --reason Enough')).code).toBe(0)
    await until(
      'it is to be undone',
      async () => (await desk.rows('select 1 from halts where action_id = $1', [id])).length === 1,
    )
    await new Promise((done) => setTimeout(done, 4_000))
    expect(await attempts([id], 'compensate')).toEqual([])
    expect((await desk.person('omar').get<StoppedAction>(`/v1/actions/${id}`)).body.stopped?.scope).toBe(
      'tool:create_jira_ticket',
    )
    expect((await run('resume tool create_jira_ticket --reason Now')).code).toBe(0)
    const ended = await desk.person('omar').ended(id)
    expect(ended.steps.map(({ status }) => status)).toEqual(['undone', 'failed'])
    expect((await run('resume agent support_refunds_v2 --reason Enough-of-that')).code).toBe(0)
  })

  test('a withdrawn tool is called no more, not even for what was approved; an executor does not bring it back', async () => {
    const held = await waits()
    const order = await run('tools withdraw refund_invoice 3 --note Wrong-account')
    expect(order.json()).toMatchObject({ status: 'withdrawn', versions: [3], by: 'person:omar' })
    await desk.approve(held, 'ann')
    expect((await desk.agent.ended(held.id)).problem?.code).toBe('EXQ-1107')
    expect((await desk.agent.ask('refund_invoice', refund(1), 0)).status).toBe(422)
    expect(await youngerThan(order.json().acknowledged_at)).toEqual([])
    expect((await run('tools restore refund_invoice --note Repaired')).json().versions).toEqual([3])
    expect((await desk.agent.ask('refund_invoice', refund(1_050), 20, randomUUID())).body.outcome).toBe('succeeded')
  })
})

type StoppedAction = Action & { readonly stopped: { readonly scope: string } | null }
