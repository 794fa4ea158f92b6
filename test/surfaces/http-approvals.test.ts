import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { approvalShape } from '../../src/http/approval-shape.js'
import { pageOf } from '../../src/http/schemas.js'
import { drawn } from '../_util/drawn.js'
import { cancellation, type HttpDesk, openHttpDesk } from './http-desk.js'

let desk: HttpDesk
beforeAll(async () => {
  desk = await openHttpDesk()
})
afterAll(() => desk.close())

/** Asks for something that a person of finance has to approve. */
async function ask(request_id: string, approvalTtlMs?: number) {
  const action = (await desk.submit(cancellation(request_id))).body
  const id = await desk.askPeople(action, approvalTtlMs)
  const { body } = await desk.call('GET', `/v1/approvals/${id}`, { token: desk.tokens.bob })
  return { id, action: action.id as string, envelope_digest: body.envelope_digest as string }
}

const vote = (
  { id, envelope_digest }: { id: string; envelope_digest: string },
  changes: object = {},
  token = desk.tokens.bob,
  headers: Record<string, string> = {},
) =>
  desk.call('POST', `/v1/approvals/${id}/votes`, {
    token,
    headers,
    body: { vote: 'approve', reason: 'seen', envelope_digest, ...changes },
  })

describe('approval requests', () => {
  test('are shown to those who may decide them', async () => {
    const { id, action } = await ask('shown')
    const answer = await desk.call('GET', `/v1/approvals/${id}`, { token: desk.tokens.bob })
    expect(approvalShape.strict().parse(answer.body)).toMatchObject({
      id,
      action_id: action,
      requirements: { approvers: 1 },
      groups: ['finance'],
      votes: [],
      state: 'waiting',
    })
    expect(drawn(answer.body.rendering)).toContain('cancel_subscription')
    const inbox = await desk.call('GET', '/v1/approvals', { token: desk.tokens.bob })
    expect(pageOf(approvalShape.strict()).strict().parse(inbox.body).items).toContainEqual({
      ...answer.body,
      budgets: null,
    })
  })

  test('are not in the inbox of who asked, or is of no group that is asked', async () => {
    await ask('not-theirs')
    for (const token of [desk.tokens.ann, desk.tokens.eve]) {
      expect((await desk.call('GET', '/v1/approvals', { token })).body.items).toEqual([])
    }
  })

  test('come in pages', async () => {
    await Promise.all([ask('p1'), ask('p2')])
    const { body } = await desk.call('GET', '/v1/approvals?limit=1', { token: desk.tokens.bob })
    expect(body.items).toHaveLength(1)
    const next = await desk.call('GET', `/v1/approvals?limit=1&cursor=${body.next}`, { token: desk.tokens.bob })
    expect(next.body.items[0].id).not.toBe(body.items[0].id)
  })

  test('are no business of agents', async () => {
    const waiting = await ask('agents')
    const token = desk.tokens.desk
    const answers = [
      await desk.call('GET', '/v1/approvals', { token }),
      await desk.call('GET', `/v1/approvals/${waiting.id}`, { token }),
      await vote(waiting, {}, token),
    ]
    for (const answer of answers) expect(answer).toMatchObject({ status: 403, body: { code: 'EXQ-2002' } })
  })
})

describe('a vote', () => {
  test('is recorded with its surface, and told to the workflow', async () => {
    const waiting = await ask('voted')
    const answer = await vote(waiting)
    expect(answer.status).toBe(200)
    expect(approvalShape.strict().parse(answer.body).votes).toMatchObject([
      { approver: 'person:bob', vote: 'approve', reason: 'seen', method: 'http' },
    ])
    expect(desk.hints.at(-1)).toBe(waiting.action)
  })

  test.each([
    ['cli', 'cli'],
    ['slack', 'http'],
    ['', 'http'],
  ])('that says it came through "%s" is one through %s', async (surface, method) => {
    const waiting = await ask(`surface-${surface || 'none'}`)
    const answer = await vote(waiting, {}, desk.tokens.bob, { 'x-exequatur-surface': surface })
    expect(answer.body.votes[0].method).toBe(method)
  })

  test('may leave out its reason', async () => {
    const answer = await vote(await ask('no-reason'), { reason: undefined })
    expect(answer.body.votes[0].reason).toBe('')
  })

  test('to reject needs nothing else', async () => {
    const answer = await vote(await ask('rejected'), { vote: 'reject', reason: 'not now' })
    expect(answer.body.state).toBe('rejected')
  })

  test('for what is not there is EXQ-4001', async () => {
    const answer = await vote({ id: 'apr_none', envelope_digest: 'sha256:0' })
    expect(answer).toMatchObject({ status: 404, body: { code: 'EXQ-4001' } })
  })

  test('for what is decided or expired is EXQ-4002', async () => {
    const ended = await ask('ended')
    await desk.end(ended.action, 'cancelled')
    expect(await vote(ended)).toMatchObject({ status: 409, body: { code: 'EXQ-4002' } })
    const expired = await ask('expired', 1)
    expect(await vote(expired)).toMatchObject({ status: 409, body: { code: 'EXQ-4002' } })
  })

  test.each([
    ['is part of the request', 'ann'],
    ['is in none of the groups that are asked', 'eve'],
  ] as const)('of somebody who %s is EXQ-4003, which says so', async (why, name) => {
    const waiting = await ask(`not-entitled-${name}`)
    const body = { code: 'EXQ-4003', detail: expect.stringContaining(`person:${name} ${why}`) }
    expect(await vote(waiting, {}, desk.tokens[name])).toMatchObject({ status: 403, body })
  })

  test('for other content than what waits is EXQ-4004', async () => {
    const waiting = await ask('other-content')
    const answer = await vote(waiting, { envelope_digest: `sha256:${'0'.repeat(64)}` })
    expect(answer).toMatchObject({ status: 409, body: { code: 'EXQ-4004' } })
  })

  test('again changes nothing', async () => {
    const waiting = await ask('twice')
    await vote(waiting)
    const again = await vote(waiting, { reason: 'once more' })
    expect(again).toMatchObject({ status: 200, body: { votes: [{ reason: 'seen' }] } })
  })

  test('is taken back, cast anew, and turned into a rejection, which is final: EXQ-4005', async () => {
    const waiting = await ask('changed')
    expect(await vote(waiting, { vote: 'withdraw' })).toMatchObject({ status: 409, body: { code: 'EXQ-4011' } })
    await vote(waiting)
    const withdrawn = await vote(waiting, { vote: 'withdraw' })
    expect(withdrawn.body.votes).toMatchObject([
      { vote: 'approve', revision: 1, counts: false },
      { vote: 'withdraw', revision: 2, counts: false },
    ])
    const inbox = await desk.call('GET', '/v1/approvals?limit=100', { token: desk.tokens.bob })
    expect(inbox.body.items.map(({ id }: { id: string }) => id)).toContain(waiting.id)
    expect((await vote(waiting)).body.votes.at(-1)).toMatchObject({ vote: 'approve', revision: 3, counts: true })
    const rejected = await vote(waiting, { vote: 'reject' })
    expect(rejected.body).toMatchObject({ state: 'rejected', your_vote: { revision: 5 } })
    for (const next of ['approve', 'withdraw'])
      expect(await vote(waiting, { vote: next })).toMatchObject({ status: 409, body: { code: 'EXQ-4005' } })
  })

  test.each([
    ['another word', { vote: 'maybe' }, '/vote'],
    ['no digest', { envelope_digest: undefined }, '/envelope_digest'],
    ['a method of its own', { method: 'webauthn' }, '/method'],
    ['NUL in its reason', { reason: '\0' }, '/reason'],
  ])('with %s is refused', async (_what, changes, pointer) => {
    const answer = await vote({ id: 'apr_1', envelope_digest: 'sha256:0' }, changes)
    expect(answer).toMatchObject({ status: 400, body: { code: 'EXQ-1002', errors: [{ pointer }] } })
  })
})
