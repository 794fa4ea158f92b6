import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readUsage } from '../../src/domain/reported-usage.js'
import { budgetsShape } from '../../src/http/budget-shapes.js'
import { requestId } from '../attacks/room.js'
import { bringToAnEnd, type LimitedRoom, openLimitedRoom, pay, payingPolicies } from './limited-room.js'

let room: LimitedRoom
beforeAll(async () => {
  room = await openLimitedRoom(
    [
      { name: 'money', per: ['owner'], of: 'spend_cents', limit: 1_000, window: '24h' },
      { name: 'each', per: ['agent', 'tool'], of: 'writes', limit: 10, window: '1h', tools: ['refund_invoice'] },
      { name: 'tokens', per: ['agent'], of: 'reported_tokens', limit: 1_000, window: '1h' },
    ],
    payingPolicies,
    undefined,
    { identicalCalls: 3, windowMs: 60_000 },
  )
})
afterAll(() => room.close())

const budgets = async (token: string) => {
  const { status, body } = await room.http.call('GET', '/v1/budgets', { token })
  expect(status).toBe(200)
  return budgetsShape.strict().parse(body)
}
let made = 0
const freshAgent = async () => {
  made += 1
  await room.person(`p${made}`, [])
  return room.agent(`f${made}`, `person:p${made}`)
}

describe('where budgets stand', () => {
  test('is shown to people, and to agents as far as it is theirs', async () => {
    const token = await freshAgent()
    const [agent, owner] = [`agent:f${made}`, `person:p${made}`]
    expect(await bringToAnEnd(room, await room.ask(pay(850), token))).toBe('committed')
    room.downstream.faults.push(...Array.from({ length: 4 }, () => 'loses the answer' as const))
    const lost = await room.ask(pay(100), token)
    for (let tries = 0; tries < 4; tries += 1) await room.goOn(lost)
    const seen = await budgets(room.http.tokens.bob)
    const common = { tools: null, unknown: 100, reserved: 100 }
    expect(seen.items.find(({ scope }) => scope.owner === owner)).toMatchObject({
      ...common,
      budget: 'money',
      of: 'spend_cents',
      currency: 'usd',
      used: 950,
      limit: 1_000,
      standing: 'near',
      next_room_at: expect.stringMatching(/^\d{4}-/),
    })
    expect(seen.events[0]).toMatchObject({ kind: 'near', budget: 'money', scope: { owner }, agent })
    const own = await budgets(token)
    expect(own.items).toMatchObject([
      { budget: 'each', scope: { agent, tool: 'refund_invoice' }, used: 2, reserved: 1, unknown: 1, standing: 'room' },
    ])
    expect(own.events.every((event) => event.agent === agent)).toBe(true)
    expect((await budgets(await freshAgent())).items).toEqual([])
  })

  test('is no nearer its limit by what was refused, and took nothing', async () => {
    const token = await freshAgent()
    const second = await room.agent(`f${made}second`, `person:p${made}`)
    for (let times = 0; times < 7; times += 1)
      expect(await bringToAnEnd(room, await room.ask(pay(1, `in_few_${times}`), token))).toBe('committed')
    const action_id = await room.ask(pay(900), token)
    await room.effect('get_invoice', { action_id, phase: 'observe' })
    expect(await room.decide(action_id)).toBe('allow')
    expect(await bringToAnEnd(room, await room.ask(pay(900), second))).toBe('committed')
    expect(await room.effect('refund_invoice', { action_id })).toBe('denied')
    const events = (await budgets(token)).events.filter((event) => event.action_id === action_id)
    expect(events).toMatchObject([{ kind: 'reached', budget: 'money' }])
  })

  test('is nothing of another tenant', async () => {
    expect((await budgets(room.http.tokens.globex)).items).toEqual([])
  })
})

describe('what callers report of their models', () => {
  const reporting = (tokens: number) => {
    const { context, ...rest } = pay(1, `in_${tokens}`)
    return {
      ...rest,
      context: { ...context, model: { usage: { input_tokens: tokens - 1, output_tokens: 1, calls: 1 } } },
    }
  }

  test('is read where it is a number, and changes nothing of what was asked', () => {
    expect(readUsage({ calls: 2, input_tokens: 10, output_tokens: 5, cost_cents: 3 })).toEqual({
      model_calls: 2,
      tokens: 15,
      cost_cents: 3,
    })
    expect(readUsage({ tokens: 7, input_tokens: 10 })).toMatchObject({ tokens: 7 })
    for (const nonsense of [undefined, null, 'many', {}, { tokens: -1, calls: '3', cost_cents: 0.5 }])
      expect(readUsage(nonsense)).toBeNull()
  })

  test('is counted once per action, and limits only what a budget of it limits', async () => {
    const token = await freshAgent()
    const first = reporting(900)
    const id = await room.ask(first, token)
    expect(
      await room.ask({ ...first, context: { ...first.context, model: { usage: { tokens: 5_000 } } } }, token),
    ).toBe(id)
    expect(await bringToAnEnd(room, id)).toBe('committed')
    expect((await budgets(token)).items.find(({ budget }) => budget === 'tokens')).toMatchObject({ used: 900 })
    expect(await bringToAnEnd(room, await room.ask(reporting(101), token))).toBe('denied')
    const [row] = await room.intruders.owner<{ explanation: string }>(
      `select explanation from decisions where result = 'deny' order by decided_at desc limit 1`,
    )
    expect(row?.explanation).toMatch(/^EXQ-1121 The budget tokens .*1001 are reported/)
  })
})

describe('the same call, again and again', () => {
  test('is stopped at the door once it was admitted too often, with its own code', async () => {
    const token = await freshAgent()
    const ask = () => {
      const body = {
        tool: 'get_invoice',
        args: { invoice_id: 'in_1' },
        context: { request_id: requestId(), ticket_id: 'zd' },
      }
      return room.http.submit(body, { token })
    }
    for (let times = 0; times < 3; times += 1) expect((await ask()).status).toBe(202)
    expect(await ask()).toMatchObject({ status: 429, body: { code: 'EXQ-1122' } })
    const other = {
      tool: 'get_invoice',
      args: { invoice_id: 'in_2' },
      context: { request_id: requestId(), ticket_id: 'zd' },
    }
    expect((await room.http.submit(other, { token })).status).toBe(202)
  })

  test('is stopped at the intent where the requests around it differ', async () => {
    const token = await freshAgent()
    const states: string[] = []
    const ids: string[] = []
    for (let times = 0; times < 4; times += 1) {
      ids.push(await room.ask(pay(1), token))
      states.push(await bringToAnEnd(room, ids[times] ?? ''))
    }
    expect(states).toEqual(['committed', 'committed', 'committed', 'denied'])
    const [event] = (await budgets(token)).events
    expect(event).toMatchObject({ kind: 'loop', budget: 'loops', most: 3, action_id: ids[3], tool: 'refund_invoice' })
  })
})
