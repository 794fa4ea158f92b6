import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { actionShape } from '../../src/http/schemas.js'
import { type HttpDesk, openHttpDesk } from './http-desk.js'

let desk: HttpDesk
beforeAll(async () => {
  desk = await openHttpDesk()
})
afterAll(() => desk.close())

const ask = (request_id: string, changes: { args?: object; context?: object; token?: string } = {}) =>
  desk.submit(
    {
      tool: 'cancel_subscription',
      args: { subscription_id: 'sub_1', ...changes.args },
      context: { request_id, ...changes.context },
    },
    { token: changes.token ?? desk.tokens.desk },
  )
/** Asks, and has people asked. */
const wait = async (request_id: string, changes: Parameters<typeof ask>[1] = {}, approvalTtlMs?: number) => {
  const { body } = await ask(request_id, changes)
  return { id: body.id as string, approval: await desk.askPeople(body, approvalTtlMs) }
}

describe('a request that is the same as one that waits for people', () => {
  test('is joined with it, whatever its id and its model: one action, one approval request', async () => {
    const { id } = await wait('first')
    const [actions, refusals] = [await desk.count('actions'), await desk.count('refusals')]
    const answer = await ask('second', { context: { model: { name: 'other', usage: { tokens: 3 } } } })
    expect(answer.status).toBe(202)
    expect(answer.headers.location).toBe(`/v1/actions/${id}`)
    expect(actionShape.strict().parse(answer.body)).toMatchObject({ id, request_id: 'first', joined: true })
    expect([await desk.count('actions'), await desk.count('refusals')]).toEqual([actions, refusals])
    expect((await ask('first')).body).not.toHaveProperty('joined')
    await desk.end(id, 'cancelled')
  })

  test('stays joined: the same id with the same body is the same action after it ended, with another body EXQ-1105', async () => {
    const { id } = await wait('kept-first')
    await ask('kept-second')
    await desk.end(id, 'rejected')
    expect((await ask('kept-second')).body).toMatchObject({ id, outcome: 'rejected', joined: true })
    const other = await ask('kept-second', { args: { subscription_id: 'sub_2' } })
    expect(other).toMatchObject({ status: 422, body: { code: 'EXQ-1105' } })
    expect((await ask('kept-third')).body.id).not.toBe(id)
  })

  test.each([
    ['another argument', { args: { subscription_id: 'sub_9' } }],
    ['another ticket', { context: { ticket_id: 'zd_9' } }],
    ['another session', { context: { session_id: 'other' } }],
    ['another reason', { context: { reason: 'because' } }],
  ])('is not one with %s', async (what, changes) => {
    const { id } = await wait(`unlike-${what.replaceAll(' ', '-')}`)
    const answer = await ask(`unlike-too-${what.replaceAll(' ', '-')}`, changes)
    expect(answer.body.id).not.toBe(id)
    expect(answer.body).not.toHaveProperty('joined')
    await desk.end(id, 'cancelled')
  })

  test('is not one of another agent, nor one that waits no more', async () => {
    const { id } = await wait('mine')
    expect((await ask('theirs', { token: desk.tokens.other })).body.id).not.toBe(id)
    await desk.call('POST', `/v1/actions/${id}/cancel`, { token: desk.tokens.desk, body: {} })
    expect((await ask('after-the-cancellation')).body.id).not.toBe(id)
    const expired = await wait('expired', { args: { subscription_id: 'sub_x' } }, 1)
    expect((await ask('after-expiry', { args: { subscription_id: 'sub_x' } })).body.id).not.toBe(expired.id)
    await desk.end(id, 'cancelled')
  })

  test('is not one that people amended: it is no longer what was asked for', async () => {
    const { id, approval } = await wait('amended', { args: { subscription_id: 'sub_a' } })
    const { envelope_digest } = (await desk.call('GET', `/v1/approvals/${approval}`, { token: desk.tokens.bob })).body
    const body = { step: 'step1', args: { subscription_id: 'sub_b' }, reason: 'the other one', envelope_digest }
    const amended = await desk.call('POST', `/v1/approvals/${approval}/amendments`, { token: desk.tokens.bob, body })
    expect(amended.status).toBe(200)
    expect((await ask('amended-again', { args: { subscription_id: 'sub_a' } })).body.id).not.toBe(id)
  })

  test('is one, however many come at once', async () => {
    const { id } = await wait('many', { args: { subscription_id: 'sub_m' } })
    const before = await desk.count('actions')
    const answers = await Promise.all(
      Array.from({ length: 15 }, (_, n) => ask(`many-${n}`, { args: { subscription_id: 'sub_m' } })),
    )
    expect(new Set(answers.map(({ body }) => body.id))).toEqual(new Set([id]))
    expect(await desk.count('actions')).toBe(before)
  })
})

describe('how many requests of an agent may wait for people', () => {
  const limited = async (pendingPerAgent: number) => {
    const own = await openHttpDesk({}, undefined, { pendingPerAgent })
    const submit = (request_id: string, token = own.tokens.desk) =>
      own.submit(
        { tool: 'cancel_subscription', args: { subscription_id: request_id }, context: { request_id } },
        { token },
      )
    return { ...own, submit }
  }

  test('is limited: beyond it the door refuses, retryable, with one row, until one is decided', async () => {
    const own = await limited(2)
    const waiting = []
    for (const id of ['one', 'two']) {
      const { body } = await own.submit(id)
      await own.askPeople(body)
      waiting.push(body.id as string)
    }
    const actions = await own.count('actions')
    const answer = await own.submit('three')
    expect(answer).toMatchObject({ status: 429, body: { code: 'EXQ-1111', retryable: true } })
    expect(await own.count('actions')).toBe(actions)
    expect(await own.refusals()).toMatchObject([{ code: 'EXQ-1111', principal: 'agent:support_refunds_v2' }])
    expect((await own.submit('one')).status).toBe(202)
    expect((await own.submit('of-another', own.tokens.other)).status).toBe(202)
    await own.end(waiting[0] as string, 'rejected')
    expect((await own.submit('three')).status).toBe(202)
    await own.close()
  })

  test('is kept exactly by a flood that passes the door at once: the others end, and say why', async () => {
    const own = await limited(3)
    const admitted = await Promise.all(Array.from({ length: 12 }, (_, n) => own.submit(`flood-${n}`)))
    expect(admitted.map(({ status }) => status)).toEqual(Array(12).fill(202))
    const decided = await Promise.all(admitted.map(({ body }) => own.decide(body)))
    expect(decided.filter(({ result }) => result === 'require-approval')).toHaveLength(3)
    const denied = decided.filter(({ result }) => result === 'deny')
    expect(denied).toHaveLength(9)
    for (const { explanation } of denied)
      expect(explanation).toMatch(/^EXQ-1111 3 requests of agent:support_refunds_v2/)
    await own.close()
  })
})
