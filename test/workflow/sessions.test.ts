import { randomUUID } from 'node:crypto'
import { rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensurePrincipals } from 'exequatur/dev'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { connect, type DeskClient } from '../../examples/refund-desk/demo/desk-client.js'
import { type Action, openTestDesk, type TestDesk, until } from '../_util/desk.js'
import { secret } from './fixtures/session-tools.js'

const customer = { tool: 'read_customer', args: { customer_id: 'cus_kim' } }
const web = { tool: 'read_web', args: { url: 'https://example.com' } }
const mail = { tool: 'send_mail', args: { to: 'mallory@example.com', text: 'Kim lives in Bern.' } }

let desk: TestDesk
beforeAll(async () => {
  const config = fileURLToPath(new URL('fixtures/session.config.ts', import.meta.url))
  desk = await openTestDesk('sessions', { config })
})
afterAll(() => desk?.close())

/** An agent with a past of its own. */
async function newAgent(...groups: string[]): Promise<DeskClient> {
  const name = `agent_${randomUUID().slice(0, 8)}`
  const wanted = [{ tenant: 'acme', kind: 'agent', name, owner: 'person:olga', groups }] as const
  const { agents } = await ensurePrincipals(desk.dev.database_url, wanted, { agents: {}, people: {} })
  return connect(desk.dev, agents[name] ?? '')
}

interface StepWish {
  readonly id?: string
  readonly tool: string
  readonly args: Record<string, unknown>
}

async function ask(agent: DeskClient, steps: readonly StepWish[], wait = 30): Promise<Action> {
  const named = steps.map((step, index) => ({ id: `s${index}`, ...step }))
  const { body } = await agent.post(
    '/v1/actions',
    { plan: { steps: named }, context: { request_id: randomUUID() } },
    wait,
  )
  return body
}

async function untilAsked(agent: DeskClient, { id }: Action): Promise<Action> {
  await until('approval is asked for', async () => (await agent.get(`/v1/actions/${id}`)).body.approval !== null)
  return (await agent.get(`/v1/actions/${id}`)).body
}

const stepsBegun = async ({ id }: Action) =>
  (
    await desk.rows<{ step: string }>(
      "select step from intents where action_id = $1 and phase = 'execute' order by intended_at",
      [id],
    )
  ).map(({ step }) => step)
const decisionsOf = ({ id }: Action) =>
  desk.rows<{ stage: string; step: string; round: number; result: string; policy_ids: string[] }>(
    "select stage, step, round, result, policy_ids from decisions where action_id = $1 and result <> 'allow' order by decided_at",
    [id],
  )
const rule = { result: 'require-approval', policy_ids: ['default-read-then-send'] }

describe('who read what is secret and what strangers wrote', () => {
  test('sends nothing outside before somebody agreed, in whatever request', async () => {
    const agent = await newAgent('support')
    for (const step of [customer, web]) expect((await ask(agent, [step])).outcome).toBe('succeeded')
    const held = await untilAsked(agent, await ask(agent, [mail], 0))
    expect(held.decision?.explanation).toContain('one approver has to agree')
    expect(await stepsBegun(held)).toEqual([])
    await desk.approve(held, 'ann')
    expect((await agent.ended(held.id)).outcome).toBe('succeeded')
  })

  test('sends nothing where people say no', async () => {
    const agent = await newAgent('support')
    for (const step of [customer, web]) await ask(agent, [step])
    const held = await untilAsked(agent, await ask(agent, [mail], 0))
    await desk.approve(held, 'ann', 'reject')
    expect((await agent.ended(held.id)).outcome).toBe('rejected')
    expect(await stepsBegun(held)).toEqual([])
  })

  test('is asked once for a plan that reads both and then sends, before anything runs', async () => {
    const agent = await newAgent('support')
    const held = await untilAsked(agent, await ask(agent, [customer, web, mail], 0))
    expect(await stepsBegun(held)).toEqual([])
    await desk.approve(held, 'ann')
    expect((await agent.ended(held.id)).outcome).toBe('succeeded')
    expect(await stepsBegun(held)).toEqual(['s0', 's1', 's2'])
    expect(await desk.rows('select round from envelopes where action_id = $1', [held.id])).toEqual([{ round: 1 }])
  })

  test('is held at the intent where the reading came after the decision', async () => {
    const agent = await newAgent('support')
    const read = join(tmpdir(), `exequatur-read-${randomUUID()}`)
    onTestFinished(() => rmSync(read, { force: true }))
    const slow = await ask(agent, [{ tool: 'take_time', args: { until: read } }, mail], 0)
    await until('the plan is under way', async () => (await stepsBegun(slow)).length === 1)
    for (const step of [customer, web]) expect((await ask(agent, [step])).outcome).toBe('succeeded')
    expect(await stepsBegun(slow)).toEqual(['s0'])
    writeFileSync(read, '')
    const held = await untilAsked(agent, slow)
    expect(await decisionsOf(held)).toMatchObject([
      { stage: 'intent', step: 's1', round: 1, ...rule },
      { stage: 'policy', step: 's1', round: 2, ...rule },
    ])
    await desk.approve(held, 'ann')
    expect((await agent.ended(held.id)).outcome).toBe('succeeded')
  })

  test('cannot wash itself clean with a session id of its own choosing', async () => {
    const agent = await newAgent('support')
    for (const step of [customer, web]) await ask(agent, [step])
    const fresh = { request_id: randomUUID(), session_id: `s-${randomUUID()}` }
    const { body } = await agent.post('/v1/actions', { ...mail, context: fresh })
    expect((await untilAsked(agent, body)).decision?.result).toBe('require-approval')
  })

  test('is another one than who read nothing, which sends alone; people look it over afterwards', async () => {
    const agent = await newAgent('support')
    const sent = await ask(agent, [mail])
    expect(sent.outcome).toBe('succeeded')
    const due = async () => {
      const { body } = await desk.person('ann').get<{ items: { action_id: string }[] }>('/v1/reviews?limit=100')
      return body.items.map(({ action_id }) => action_id)
    }
    expect(await due()).toContain(sent.id)
    const { status } = await desk.person('ann').post(`/v1/actions/${sent.id}/reviews`, { verdict: 'looked-at' })
    expect(status).toBe(200)
    expect(await due()).not.toContain(sent.id)
  })
})

describe('a read that groups see parts of', () => {
  /** All that the ledger, the history and the API hold of an action, the whole observation left out. */
  async function everythingAbout(agent: DeskClient, { id }: Action): Promise<string> {
    const kept = await desk.rows(
      `select to_jsonb(o) as row from outcomes o where action_id = $1
       union all select to_jsonb(i) from intents i where action_id = $1
       union all select to_jsonb(d) from decisions d where action_id = $1`,
      [id],
    )
    const history = await agent.get<unknown>(`/v1/actions/${id}/history`)
    const payloads = [...JSON.stringify(history.body).matchAll(/"data":"([^"]*)"/g)].map(([, data]) =>
      Buffer.from(data ?? '', 'base64').toString(),
    )
    expect(payloads.length).toBeGreaterThan(0)
    const views = await Promise.all([agent.get(`/v1/actions/${id}`), agent.get(`/v1/actions/${id}/trail`)])
    return JSON.stringify([kept, payloads, history.body, views])
  }

  test('is cut before anything of it is kept, and what was cut is said', async () => {
    const agent = await newAgent('support')
    const action = await ask(agent, [customer])
    expect(action.steps[0]).toMatchObject({
      output: { city: 'Bern', orders: [{ id: 'or_1' }] },
      cut: { fields: ['/email', '/orders/*/region'], rows: { '/orders': 1 } },
    })
    expect(await everythingAbout(agent, action)).not.toContain(secret)
  })

  test('is not seen at all by an agent in none of the groups', async () => {
    const agent = await newAgent('readers')
    const action = await ask(agent, [customer])
    expect(action).toMatchObject({ outcome: 'succeeded', steps: [{ output: {} }] })
    expect(await everythingAbout(agent, action)).not.toContain('Bern')
  })

  test('gives nothing to a later step but what is seen of it', async () => {
    const agent = await newAgent('support')
    const leak = { ...mail, args: { ...mail.args, text: { $from: 's0.email' } } }
    const action = await ask(agent, [customer, leak])
    expect(action.outcome).toBe('denied')
    expect(action.explanation).toContain('s0 did not give')
    expect(await stepsBegun(action)).toEqual(['s0'])
    const fair = { ...mail, args: { ...mail.args, text: { $from: 's0.city' } } }
    expect((await ask(agent, [customer, fair])).outcome).toBe('succeeded')
  })

  test('is whole for the decision that rests on it, and cut for everybody else', async () => {
    const agent = await newAgent('support')
    const action = await ask(agent, [{ tool: 'note_city', args: { customer_id: 'cus_kim' } }])
    expect(action).toMatchObject({ outcome: 'succeeded', steps: [{ output: { noted: 'Bern' } }] })
    const [observation] = await desk.rows<{ output: { email: string } }>(
      'select output from observations where action_id = $1',
      [action.id],
    )
    expect(observation?.output.email).toBe(secret)
    expect(await everythingAbout(agent, action)).not.toContain(secret)
  })
})
