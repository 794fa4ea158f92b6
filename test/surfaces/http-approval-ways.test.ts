import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { authenticate } from '../../src/control-plane/authenticate.js'
import { castVote } from '../../src/control-plane/cast-vote.js'
import { getApproval } from '../../src/control-plane/list-approvals.js'
import type { SurfaceRules } from '../../src/domain/surface-rules.js'
import { cancellation, type HttpDesk, openHttpDesk } from './http-desk.js'

let desk: HttpDesk
beforeAll(async () => {
  desk = await openHttpDesk()
})
afterAll(() => desk.close())

/** A cancellation, which is of high risk, and how bob votes on it from a surface under these rules. */
async function asked(request_id: string) {
  const { context, ...call } = cancellation(request_id)
  const action = (await desk.submit({ ...call, context: { ...context, ticket_id: 'zd_1' } })).body
  const id = await desk.askPeople(action)
  const caller = await authenticate(desk.plane, desk.tokens.bob, true)
  const { envelope_digest } = await getApproval(desk.plane, caller, id)
  return {
    id,
    action: action.id as string,
    look: (changes: Partial<SurfaceRules> = {}) =>
      getApproval({ ...desk.plane, surfaceRules: { ...desk.plane.surfaceRules, ...changes } }, caller, id),
    vote: (method: string, vote: 'approve' | 'reject', changes: Partial<SurfaceRules> = {}) => {
      const plane = { ...desk.plane, surfaceRules: { ...desk.plane.surfaceRules, ...changes } }
      return castVote(plane, caller, id, { vote, reason: 'seen', envelope_digest, method })
    },
  }
}

describe('an approval request', () => {
  test('tells its risk, when it was sealed, who else is asked, and where to look things up', async () => {
    const { id, action, look } = await asked('around')
    const view = await look()
    expect(view).toMatchObject({ risk: 'high', approve_by: { slack: false, inbox: false, unasked: false } })
    expect(view.links).toEqual({
      ticket: 'https://desk.example/tickets/zd_1',
      incident: null,
      user: null,
      workflow: `http://ui/acme/${action}`,
      inbox: `http://localhost:7400/inbox/approvals/${id}`,
    })
    expect(Date.parse(view.sealed_at)).toBeLessThan(Date.parse(view.expires_at))
    // Whoever looks is not somebody else, and who is part of the request is not asked.
    const { body } = await desk.call('GET', `/v1/approvals/${id}`, { token: desk.tokens.eve })
    expect(body.asked).toContainEqual({ person: 'person:bob', groups: ['finance'] })
    expect(view.asked.map(({ person }) => person)).not.toContain('person:bob')
    expect(view.asked.map(({ person }) => person)).not.toContain('person:ann')
  })

  test('does not ask again who has decided', async () => {
    const { id, vote } = await asked('decided')
    await vote('http', 'approve')
    const { body } = await desk.call('GET', `/v1/approvals/${id}`, { token: desk.tokens.eve })
    expect(body.asked.map(({ person }: { person: string }) => person)).not.toContain('person:bob')
  })
})

describe('an approval', () => {
  test('that comes in by a way too weak for the risk is refused: there is no vote', async () => {
    const { vote, look } = await asked('weak')
    await expect(vote('inbox', 'approve')).rejects.toMatchObject({
      code: 'EXQ-4050',
      detail: expect.stringContaining('is of high risk, and inbox approves up to medium'),
    })
    await expect(vote('slack', 'approve')).rejects.toMatchObject({ code: 'EXQ-4050' })
    expect((await look()).votes).toEqual([])
    expect((await desk.refusals()).filter(({ code }) => code === 'EXQ-4050')).toMatchObject([
      { principal: 'person:bob' },
      { principal: 'person:bob' },
    ])
  })

  test('counts from a surface that the rules let approve it', async () => {
    const { vote, look } = await asked('let')
    await vote('inbox', 'approve', { inboxUpTo: 'high' })
    expect((await look()).votes).toMatchObject([{ approver: 'person:bob', method: 'inbox', counts: true }])
    expect((await look({ slackUpTo: 'high', inboxUpTo: 'high', unaskedUpTo: 'critical' })).approve_by).toEqual({
      slack: true,
      inbox: true,
      unasked: true,
    })
  })

  test.each(['http', 'cli'])('through %s is bound to no risk', async (method) => {
    const { vote, look } = await asked(`through-${method}`)
    await vote(method, 'approve', { slackUpTo: 'low', inboxUpTo: 'low', unaskedUpTo: 'low' })
    expect((await look()).votes).toMatchObject([{ method, counts: true }])
  })
})

test('a rejection that says no reason is refused: there is no vote', async () => {
  const { id, look } = await asked('why')
  const { envelope_digest } = await look()
  for (const reason of [undefined, '', ' \n']) {
    const body = { vote: 'reject', reason, envelope_digest }
    const answered = await desk.call('POST', `/v1/approvals/${id}/votes`, { token: desk.tokens.bob, body })
    expect(answered).toMatchObject({ status: 422, body: { code: 'EXQ-4051' } })
  }
  expect((await look()).votes).toEqual([])
})

test.each(['slack', 'inbox'])('a rejection through %s needs nothing more', async (method) => {
  const { vote } = await asked(`reject-${method}`)
  const after = await vote(method, 'reject', { slackUpTo: 'low', inboxUpTo: 'low' })
  expect(after).toMatchObject({ state: 'rejected', votes: [{ vote: 'reject', method, counts: true }] })
})
