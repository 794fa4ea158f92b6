import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createPrincipal, revokePrincipal } from '../../src/control-plane/principals.js'
import { createAuthorities } from '../../src/identity/authority.js'
import { sampleGroups } from '../_util/contracts.js'
import { cancellation, type HttpDesk, openHttpDesk, refund, send } from './http-desk.js'

let desk: HttpDesk
beforeAll(async () => {
  desk = await openHttpDesk()
})
afterAll(() => desk.close())

const secured: readonly (readonly ['GET' | 'POST', string])[] = [
  ['POST', '/v1/actions'],
  ['GET', '/v1/actions'],
  ['GET', '/v1/actions/act_1'],
  ['POST', '/v1/actions/act_1/cancel'],
  ['GET', '/v1/actions/act_1/trail'],
  ['GET', '/v1/actions/act_1/history'],
  ['GET', '/v1/approvals'],
  ['GET', '/v1/approvals/apr_1'],
  ['POST', '/v1/approvals/apr_1/votes'],
  ['GET', '/v1/tools'],
  ['GET', '/v1/tools/get_invoice'],
]

describe('a credential', () => {
  test.each(secured)('is needed for %s %s', async (method, url) => {
    const answer = await desk.call(method, url)
    expect(answer.status).toBe(401)
    expect(answer.body).toMatchObject({ code: 'EXQ-2001', detail: 'no bearer token was sent' })
    expect(answer.headers['www-authenticate']).toBe('Bearer')
  })

  test.each([
    ['garbage', 'Bearer garbage'],
    ['nothing', 'Bearer '],
    ['another scheme', 'Basic dXNlcjpwYXNz'],
    ['a token that nobody was given', `Bearer exq_acme_${'A'.repeat(43)}`],
    ['a token of a tenant that is not there', `Bearer exq_nowhere_${'A'.repeat(43)}`],
    ['two words', 'Bearer one two'],
  ])('that is %s opens nothing', async (_what, authorization) => {
    const answer = await desk.call('GET', '/v1/actions', { headers: { authorization } })
    expect(answer.body.code).toBe('EXQ-2001')
  })

  test('is asked for before the body is read', async () => {
    const answer = await desk.call('POST', '/v1/actions', { body: 'x'.repeat(300_000) })
    expect(answer.status).toBe(401)
  })

  test('may be sent with the scheme in any case', async () => {
    const answer = await desk.call('GET', '/v1/actions', { headers: { authorization: `bEARER ${desk.tokens.desk}` } })
    expect(answer.status).toBe(200)
  })

  test('with another tenant in its name is no credential', async () => {
    const answer = await desk.call('GET', '/v1/actions', { token: desk.tokens.desk.replace('exq_acme', 'exq_globex') })
    expect(answer.status).toBe(401)
  })

  test('is never logged', () => {
    expect(desk.logged.length).toBeGreaterThan(0)
    for (const token of Object.values(desk.tokens)) expect(desk.logged.join('')).not.toContain(token)
  })

  test('of a tenant sees nothing of another', async () => {
    const { body } = await desk.submit(cancellation('mine'))
    const approval = await desk.askPeople(body)
    for (const token of [desk.tokens.zoe, desk.tokens.globex]) {
      for (const path of ['', '/trail', '/history']) {
        expect((await desk.call('GET', `/v1/actions/${body.id}${path}`, { token })).body.code).toBe('EXQ-6001')
      }
      expect((await desk.call('POST', `/v1/actions/${body.id}/cancel`, { token })).body.code).toBe('EXQ-6001')
      expect((await desk.call('GET', '/v1/actions', { token })).body.items).toEqual([])
    }
    expect((await desk.call('GET', `/v1/approvals/${approval}`, { token: desk.tokens.zoe })).body.code).toBe('EXQ-4001')
    expect((await desk.call('GET', '/v1/approvals', { token: desk.tokens.zoe })).body.items).toEqual([])
  })

  test('of an agent sees its own actions only; a person sees all of the tenant', async () => {
    const { body } = await desk.submit(refund('own'))
    const { desk: own, other, ann } = desk.tokens
    expect((await desk.call('GET', `/v1/actions/${body.id}`, { token: own })).status).toBe(200)
    expect((await desk.call('GET', `/v1/actions/${body.id}`, { token: ann })).status).toBe(200)
    expect((await desk.call('GET', `/v1/actions/${body.id}`, { token: other })).body.code).toBe('EXQ-6001')
    expect((await desk.call('GET', '/v1/actions', { token: other })).body.items).toEqual([])
  })
})

describe('a revoked credential', () => {
  test('opens nothing from then on, in a server that knew it as well', async () => {
    const { principal, token } = await newAgent('short_lived')
    const elsewhere = await desk.serve({ ...desk.plane, authorities: createAuthorities(desk.plane.pool, sampleGroups) })
    expect((await send(elsewhere, 'POST', '/v1/actions', { token, body: refund('r1') })).status).toBe(202)
    await revokePrincipal(desk.plane, 'acme', principal, 'test')
    for (const body of [refund('r1'), refund('r2'), '{']) {
      expect((await send(elsewhere, 'POST', '/v1/actions', { token, body })).body.code).toBe('EXQ-2001')
    }
    expect((await send(elsewhere, 'GET', '/v1/actions', { token })).body.code).toBe('EXQ-2001')
    expect(await desk.count('refusals')).toBe(0)
    await elsewhere.close()
  })

  test('stays revoked when its principal gets another one', async () => {
    const { principal, token } = await newAgent('renewed')
    const elsewhere = await desk.serve({ ...desk.plane, authorities: createAuthorities(desk.plane.pool, sampleGroups) })
    expect((await send(elsewhere, 'POST', '/v1/actions', { token, body: refund('r1') })).status).toBe(202)
    await revokePrincipal(desk.plane, 'acme', principal, 'test')
    const renewed = await newAgent('renewed')
    expect((await send(elsewhere, 'POST', '/v1/actions', { token, body: refund('r2') })).body.code).toBe('EXQ-2001')
    expect((await send(elsewhere, 'POST', '/v1/actions', { ...renewed, body: refund('r2') })).status).toBe(202)
    await elsewhere.close()
  })
})

function newAgent(name: string) {
  const agent = { tenant: 'acme', kind: 'agent', name, owner: 'person:ann', groups: ['support'], by: 'test' } as const
  return createPrincipal(desk.plane, agent)
}
