import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { suspendPrincipal } from '../../src/control-plane/principal-life.js'
import { createPrincipal } from '../../src/control-plane/principals.js'
import { cancellation, type HttpDesk, openHttpDesk } from './http-desk.js'
import { signIn } from './http-inbox-desk.js'

let desk: HttpDesk
beforeAll(async () => {
  desk = await openHttpDesk()
})
afterAll(() => desk.close())

const get = async (path: string, token: string | undefined = desk.tokens.bob) =>
  (await desk.call('GET', path, { token })).body

async function decide(request: string, vote: 'approve' | 'reject', token = desk.tokens.bob): Promise<string> {
  const id = await desk.askPeople((await desk.submit(cancellation(request))).body)
  const { envelope_digest } = await get(`/v1/approvals/${id}`, token)
  const body = { vote, reason: 'seen', envelope_digest }
  expect((await desk.call('POST', `/v1/approvals/${id}/votes`, { token, body })).status).toBe(200)
  return id
}

describe('what somebody has decided', () => {
  test('is listed, newest vote first, each once, page by page', async () => {
    const ids = [await decide('first', 'approve'), await decide('second', 'reject'), await decide('third', 'approve')]
    const [first, , third] = ids as [string, string, string]
    const { envelope_digest } = await get(`/v1/approvals/${first}`)
    const body = { vote: 'withdraw', reason: '', envelope_digest }
    await desk.call('POST', `/v1/approvals/${first}/votes`, { token: desk.tokens.bob, body })
    const order = [first, third, ids[1]]
    const all = await get('/v1/decisions')
    expect(all.items.map(({ id }: { id: string }) => id)).toEqual(order)
    expect(all.next).toBeNull()
    expect(all.items[2]).toMatchObject({ state: 'rejected', votes: [{ approver: 'person:bob', vote: 'reject' }] })
    const seen: string[] = []
    for (let next: string | null = ''; next !== null; ) {
      const page: { items: { id: string }[]; next: string | null } = await get(
        `/v1/decisions?limit=1${next === '' ? '' : `&cursor=${next}`}`,
      )
      seen.push(...page.items.map(({ id }) => id))
      next = page.next
    }
    expect(seen).toEqual(order)
    expect((await get('/v1/decisions?cursor=x')).code).toBe('EXQ-1002')
  })

  test('is what they decided, and nobody else; agents decide nothing', async () => {
    expect((await get('/v1/decisions', desk.tokens.eve)).items).toEqual([])
    expect((await get('/v1/decisions', desk.tokens.zoe)).items).toEqual([])
    expect((await get('/v1/decisions', desk.tokens.desk)).code).toBe('EXQ-2002')
    const { cookie } = await signIn(desk, desk.tokens.bob)
    const { body } = await desk.call('GET', '/v1/decisions', { headers: { cookie } })
    expect(body).toEqual(await get('/v1/decisions'))
  })
})

describe('who there is', () => {
  test('is listed for people: agents with their owners, their state, and what holds them back', async () => {
    const wish = { token: await keeper(), body: { scope: 'agent:other', reason: 'looks odd' } }
    expect((await desk.call('POST', '/v1/stops', wish)).status).toBe(200)
    const { items, next } = await get('/v1/principals?kind=agent')
    expect(next).toBeNull()
    expect(items).toEqual([
      {
        principal: 'agent:other',
        name: 'other',
        kind: 'agent',
        owner: 'person:ann',
        state: 'live',
        stopped: expect.objectContaining({ scope: 'agent:other', reason: 'looks odd' }),
      },
      {
        principal: 'agent:support_refunds_v2',
        name: 'support_refunds_v2',
        kind: 'agent',
        owner: 'person:ann',
        state: 'live',
        stopped: null,
      },
    ])
    expect(await get('/v1/principals')).toEqual({ items, next })
    await suspendPrincipal(desk.plane, { tenant: 'acme', principal: 'agent:other', by: 'test' })
    expect((await get('/v1/principals')).items[0].state).toBe('suspended')
  })

  test('is each kind by itself, of one tenant', async () => {
    const names = async (kind: string, token?: string) =>
      (await get(`/v1/principals?kind=${kind}`, token)).items.map(({ name }: { name: string }) => name)
    expect(await names('person')).toEqual(['ann', 'bob', 'eve', 'kim'])
    expect(await names('service')).toEqual([])
    expect(await names('person', desk.tokens.zoe)).toEqual(['zoe'])
    expect((await get('/v1/principals?kind=other')).code).toBe('EXQ-1002')
    expect((await get('/v1/principals', desk.tokens.desk)).code).toBe('EXQ-2002')
  })
})

/** The token of somebody who may stop. */
async function keeper(): Promise<string> {
  const person = { tenant: 'acme', kind: 'person', name: 'kim', groups: ['security'], by: 'test' } as const
  return (await createPrincipal(desk.plane, person)).token
}
