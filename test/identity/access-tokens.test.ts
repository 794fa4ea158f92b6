import { generateKeyPairSync, type webcrypto } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, importJWK, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Issuer } from '../../src/contract/issuer.js'
import { linkAccount, unlinkAccount } from '../../src/control-plane/accounts.js'
import { authenticate, authenticateAgain } from '../../src/control-plane/authenticate.js'
import { resumePrincipal, suspendPrincipal } from '../../src/control-plane/principal-life.js'
import { createPrincipal } from '../../src/control-plane/principals.js'
import { createAccessTokens } from '../../src/identity/access-tokens.js'
import { createAuthorities } from '../../src/identity/authority.js'
import { sampleGroups } from '../_util/contracts.js'
import { cancellation, type HttpDesk, openHttpDesk, refund, send } from '../surfaces/http-desk.js'
import { audience, type OidcIssuer, startIssuer } from './oidc-issuer.js'

let desk: HttpDesk
let oidc: OidcIssuer
let app: Awaited<ReturnType<HttpDesk['serve']>>
let given: Issuer

const times = { cacheMs: 60_000, cooldownMs: 0 }

beforeAll(async () => {
  desk = await openHttpDesk()
  oidc = await startIssuer(['desk-bot', 'helper-bot', 'stranger-bot', 'ci-runner'])
  given = { issuer: oidc.issuer, audience, tenant: 'acme', scopes: { act: 'act', decide: 'decide', read: 'read' } }
  app = await serve(given)
  const { plane } = desk
  const common = { tenant: 'acme', by: 'test', groups: [] }
  await createPrincipal(plane, { ...common, kind: 'person', name: 'pat' })
  await createPrincipal(plane, { ...common, kind: 'agent', name: 'helper', owner: 'person:ann' })
  await createPrincipal(plane, { ...common, kind: 'service', name: 'ci', owner: 'person:ann' })
  await link('agent:support_refunds_v2', 'desk-bot')
  await link('agent:helper', 'helper-bot')
  await link('service:ci', 'ci-runner')
  await link('person:ann', 'ann-1')
  await link('person:ann', 'ann-2')
  await link('person:bob', 'bob-1')
  await link('person:pat', 'pat-1')
})

afterAll(async () => {
  await app.close()
  await oidc.close()
  await desk.close()
})

const account = (principal: string, subject: string) => ({
  tenant: 'acme',
  principal,
  issuer: oidc.issuer,
  subject,
  by: 'test',
})
const link = (principal: string, subject: string) => linkAccount(desk.plane, account(principal, subject))
const serve = (issuer: Issuer, cooldownMs = 0) =>
  desk.serve({
    ...desk.plane,
    authorities: createAuthorities(desk.plane.pool, sampleGroups),
    accessTokens: createAccessTokens([issuer], { ...times, cooldownMs }),
  })
const look = async (token: string, at = app) => (await send(at, 'GET', '/v1/actions', { token })).body
const ask = (token: string, body: unknown, at = app) => send(at, 'POST', '/v1/actions', { token, body })
const requestOf = async (id: string) => {
  const { rows } = await desk.plane.pool
    .of('acme')
    .query<{ request: string }>('select request from actions where id = $1', [id])
  return JSON.parse(rows[0]?.request ?? 'null')
}

describe('a token of an issuer', () => {
  test('that an agent got for itself is the agent', async () => {
    const { status, body } = await ask(await oidc.ofAgent('desk-bot'), refund('own'))
    expect({ status, actor: body.actor, for: body.on_behalf_of }).toEqual({
      status: 202,
      actor: 'agent:support_refunds_v2',
      for: null,
    })
    expect(await requestOf(body.id)).not.toHaveProperty('actors')
  })

  test('that was exchanged says for whom, and the chain is kept whole', async () => {
    const first = await oidc.exchanged(await oidc.ofPerson('pat-1'), 'helper-bot')
    const second = await oidc.exchanged(first, 'desk-bot')
    const { status, body } = await ask(second, refund('chain', { context: { on_behalf_of: 'person:pat' } }))
    expect({ status, code: body.code }).toEqual({ status: 202, code: undefined })
    expect(body).toMatchObject({
      actor: 'agent:support_refunds_v2',
      on_behalf_of: 'person:pat',
      actors: ['agent:helper'],
    })
    expect(await requestOf(body.id)).toMatchObject({
      agent: 'agent:support_refunds_v2',
      on_behalf_of: 'person:pat',
      actors: ['agent:helper'],
    })
  })

  test('that names another person than the body is EXQ-1104', async () => {
    const token = await oidc.exchanged(await oidc.ofPerson('pat-1'), 'desk-bot')
    for (const on_behalf_of of ['person:bob', 'agent:helper', '']) {
      const { body } = await ask(token, refund('other', { context: { on_behalf_of } }))
      expect(body.code).toBe(on_behalf_of === '' ? 'EXQ-1002' : 'EXQ-1104')
    }
  })

  test('keeps the session it confirms, and no other', async () => {
    const token = await oidc.sign({ sub: 'desk-bot', client_id: 'desk-bot', sid: 'ses_1', scope: 'act read' })
    const { body } = await ask(token, refund('session'))
    expect(await requestOf(body.id)).toMatchObject({ session: 'ses_1' })
    expect((await ask(token, refund('ses', { context: { session_id: 'ses_2' } }))).body.code).toBe('EXQ-1104')
  })

  test('of a person who signed in is that person, whatever the account', async () => {
    for (const subject of ['ann-1', 'ann-2']) {
      const answer = await send(app, 'GET', '/v1/approvals', { token: await oidc.ofPerson(subject) })
      expect(answer.status).toBe(200)
      expect((await ask(await oidc.ofPerson(subject), refund('person'))).body.code).toBe('EXQ-2002')
    }
  })

  test('is refused where it was issued to an agent: nobody decides with a token that an agent holds', async () => {
    const { body } = await desk.submit(cancellation('borrowed'))
    const approval = await desk.askPeople(body)
    const token = await oidc.sign({ sub: 'bob-1', client_id: 'desk-bot', scope: 'act decide read' })
    expect((await send(app, 'GET', `/v1/approvals/${approval}`, { token })).body.code).toBe('EXQ-2002')
  })
})

describe('a token is refused with its own code', () => {
  const agent = { sub: 'desk-bot', client_id: 'desk-bot', scope: 'act read' }
  const person = { sub: 'bob-1', scope: 'decide read' }
  const past = () => Math.floor(Date.now() / 1000) - 30

  test.each<[what: string, code: string, make: () => Promise<string>]>([
    ['for another audience', 'EXQ-2011', () => oidc.sign({ ...agent, aud: 'https://elsewhere.test' })],
    ['without an audience', 'EXQ-2011', () => oidc.sign({ ...agent, aud: undefined })],
    ['of another issuer', 'EXQ-2010', () => oidc.sign({ ...agent, iss: 'https://elsewhere.test' })],
    ['of the issuer with a slash more', 'EXQ-2010', () => oidc.sign({ ...agent, iss: `${oidc.issuer}/` })],
    ['that has expired', 'EXQ-2012', () => oidc.sign({ ...agent, exp: past() })],
    ['without an expiry', 'EXQ-2010', () => oidc.sign({ ...agent, exp: undefined })],
    ['whose expiry is no number', 'EXQ-2010', () => oidc.sign({ ...agent, exp: 'never' })],
    ['that is not valid yet', 'EXQ-2010', () => oidc.sign({ ...agent, nbf: past() + 600 })],
    ['without a subject', 'EXQ-2010', () => oidc.sign({ ...agent, sub: undefined })],
    ['of another type', 'EXQ-2010', () => oidc.sign(agent, { typ: 'logout+jwt' })],
    ['without a type', 'EXQ-2010', () => oidc.sign(agent, { typ: 'none' })],
    ['with a key that is not published', 'EXQ-2010', () => oidc.sign(agent, { kid: 'key-9' })],
    ['that is bound to a key', 'EXQ-2010', () => oidc.sign({ ...agent, cnf: { jkt: 'x' } })],
    ['with alg none', 'EXQ-2010', async () => unsigned(await oidc.sign(agent))],
    ['signed symmetrically with the public key', 'EXQ-2010', () => signedWithPublicKey(agent)],
    ['with a key of somebody else under the same id', 'EXQ-2010', () => signedByStranger(agent)],
    ['with a key in its own header', 'EXQ-2010', () => signedByStranger(agent, true)],
    [
      'whose payload was changed',
      'EXQ-2010',
      async () => withPayload(await oidc.sign(agent), { ...agent, sub: 'bob-1' }),
    ],
    ['without the scope to read', 'EXQ-2013', () => oidc.sign({ ...agent, scope: 'act' })],
    ['of a client that nobody linked', 'EXQ-2014', () => oidc.ofAgent('stranger-bot')],
    ['of a person nobody linked', 'EXQ-2014', () => oidc.ofPerson('carol')],
    [
      'of a person known by e-mail only',
      'EXQ-2014',
      () => oidc.sign({ sub: 'x', email: 'bob@example.com', scope: 'read' }),
    ],
    [
      'of a person, whose client is named in another claim',
      'EXQ-2016',
      () => oidc.sign({ ...person, azp: 'desk-bot', client_id: undefined }),
    ],
    ['for somebody nobody linked', 'EXQ-2014', () => oidc.sign({ ...agent, sub: 'carol', act: { sub: 'desk-bot' } })],
    ['for an agent', 'EXQ-2016', () => oidc.sign({ ...agent, sub: 'helper-bot', act: { sub: 'desk-bot' } })],
    ['whose actor is a person', 'EXQ-2016', () => oidc.sign({ ...person, act: { sub: 'ann-1' } })],
    ['whose actor is a service', 'EXQ-2016', () => oidc.sign({ ...person, act: { sub: 'ci-runner' } })],
    [
      'whose actor is not the agent it was issued to',
      'EXQ-2016',
      () => oidc.sign({ ...agent, sub: 'bob-1', act: { sub: 'helper-bot' } }),
    ],
    [
      'whose actor is of another issuer',
      'EXQ-2016',
      () => oidc.sign({ ...person, act: { sub: 'desk-bot', iss: 'https://elsewhere.test' } }),
    ],
    [
      'whose earlier actor nobody linked',
      'EXQ-2014',
      () => oidc.sign({ ...person, act: { sub: 'desk-bot', act: { sub: 'stranger-bot' } } }),
    ],
    ['with an actor that is no object', 'EXQ-2016', () => oidc.sign({ ...person, act: 'desk-bot' })],
    ['with an actor without a name', 'EXQ-2016', () => oidc.sign({ ...person, act: { sub: 'desk-bot', act: {} } })],
    ['with a chain without end', 'EXQ-2016', () => oidc.sign({ ...person, act: chain(9) })],
  ])('%s', async (_, code, make) => {
    const token = await make()
    const answer = await look(token)
    expect(answer.code).toBe(code)
    for (const part of token.split('.').filter((part) => part.length > 8)) {
      expect(JSON.stringify(answer)).not.toContain(part)
      expect(desk.logged.join('')).not.toContain(part)
    }
  })

  test('of a service account: it reads, but neither asks nor decides', async () => {
    const token = await oidc.ofAgent('ci-runner', 'act decide read')
    expect((await ask(token, refund('service'))).body.code).toBe('EXQ-2002')
    expect((await send(app, 'GET', '/v1/approvals', { token })).body.code).toBe('EXQ-2002')
  })

  test('without the scope to act or to decide', async () => {
    const agentToken = await oidc.ofAgent('desk-bot', 'read')
    expect((await ask(agentToken, refund('unscoped'))).body).toMatchObject({
      code: 'EXQ-2013',
      detail: expect.stringContaining('scope act'),
    })
    const { body } = await desk.submit(cancellation('unscoped'))
    const vote = { vote: 'approve', reason: 'r', envelope_digest: 'x' }
    const approval = await desk.askPeople(body)
    const url = `/v1/approvals/${approval}/votes`
    const answer = await send(app, 'POST', url, { token: await oidc.ofPerson('bob-1', 'read'), body: vote })
    expect(answer.body).toMatchObject({ code: 'EXQ-2013', detail: expect.stringContaining('scope decide') })
  })

  test('once its identity is unlinked, at once; and it does not become the subject instead', async () => {
    await link('agent:helper', 'short-bot')
    const token = await oidc.sign({ sub: 'bob-1', client_id: 'short-bot', scope: 'act decide read' })
    expect((await look(token)).code).toBeUndefined()
    await unlinkAccount(desk.plane, account('agent:helper', 'short-bot'))
    expect((await look(token)).code).toBe('EXQ-2014')
    expect((await ask(token, refund('unlinked'))).body.code).toBe('EXQ-2014')
  })

  test('while its principal, the person acted for or an earlier actor is suspended', async () => {
    const own = await oidc.ofAgent('helper-bot')
    const through = await oidc.exchanged(await oidc.exchanged(await oidc.ofPerson('pat-1'), 'helper-bot'), 'desk-bot')
    for (const [principal, tokens] of [
      ['agent:helper', [own, through]],
      ['person:pat', [through]],
    ] as const) {
      const change = { tenant: 'acme', principal, by: 'test' }
      for (const token of tokens) expect((await look(token)).code).toBeUndefined()
      await suspendPrincipal(desk.plane, change)
      for (const token of tokens) {
        expect((await look(token)).code).toBe('EXQ-2015')
        expect((await ask(token, refund(`suspended-${principal.slice(0, 3)}`))).body.code).toBe('EXQ-2015')
      }
      await resumePrincipal(desk.plane, change)
      for (const token of tokens) expect((await look(token)).code).toBeUndefined()
    }
  })

  test('of a person whose client people do not sign in through', async () => {
    const strict = await serve({ ...given, signInClients: ['desk-cli'] })
    expect((await look(await oidc.ofPerson('bob-1'), strict)).code).toBeUndefined()
    expect((await look(await oidc.sign({ ...person, client_id: 'other-app' }), strict)).code).toBe('EXQ-2016')
    expect((await look(await oidc.sign(person), strict)).code).toBe('EXQ-2016')
    await strict.close()
  })
})

test('a token is refused with an algorithm the issuer may not use, however well it is signed', async () => {
  const strict = await serve({ ...given, algorithms: ['ES256'] })
  expect((await look(await oidc.ofAgent('desk-bot'), strict)).code).toBe('EXQ-2010')
  await strict.close()
})

test('an identity is known as soon as it is linked, to a server that knew its tenant before', async () => {
  const token = await oidc.sign({ sub: 'new-bot', client_id: 'new-bot', scope: 'act read' })
  expect((await ask(await oidc.ofAgent('desk-bot'), refund('before'))).status).toBe(202)
  await link('agent:helper', 'new-bot')
  expect((await ask(token, refund('after'))).body).toMatchObject({ actor: 'agent:helper' })
})

describe('a tenant', () => {
  test('is what the configuration says, whatever the token says', async () => {
    const { body } = await ask(
      await oidc.sign({ sub: 'desk-bot', tenant: 'globex', scope: 'act read' }),
      refund('tenant'),
    )
    expect(body.tenant).toBe('acme')
  })

  test('named by a claim is one of those the issuer may speak for', async () => {
    const bob = { sub: 'bob-1', client_id: 'desk-cli', scope: 'read' }
    const several = await serve({ ...given, tenant: { claim: 'org', tenants: { 'org-1': 'acme', 'org-2': 'globex' } } })
    expect((await look(await oidc.sign({ ...bob, org: 'org-1' }), several)).code).toBeUndefined()
    for (const org of ['org-2', 'acme', '__proto__', undefined, ['org-1']]) {
      expect((await look(await oidc.sign({ ...bob, org }), several)).code).toBe('EXQ-2014')
    }
    await several.close()
  })
})

describe('an earlier actor that nobody linked', () => {
  test('is recorded as a stranger where the configuration says so, and refused once it is somebody cut off', async () => {
    const lenient = await serve({ ...given, unknownActors: 'record' })
    const token = await oidc.sign({
      sub: 'bob-1',
      scope: 'act read',
      act: { sub: 'desk-bot', act: { sub: 'late-bot' } },
    })
    const { body } = await ask(token, refund('stranger'), lenient)
    expect(body.actors).toEqual([`oidc:${oidc.issuer}#late-bot`])
    await link('agent:helper', 'late-bot')
    expect((await ask(token, refund('known'), lenient)).body.actors).toEqual(['agent:helper'])
    await unlinkAccount(desk.plane, account('agent:helper', 'late-bot'))
    expect((await ask(token, refund('gone'), lenient)).body.code).toBe('EXQ-2014')
    await lenient.close()
  })
})

describe('the keys of an issuer', () => {
  test('are asked for once, and again for a key that is new', async () => {
    const other = await startIssuer(['desk-bot'])
    const own = await serve({ ...given, issuer: other.issuer })
    await linkAccount(desk.plane, { ...account('agent:helper', 'desk-bot'), issuer: other.issuer })
    const before = await other.ofAgent('desk-bot')
    for (let round = 0; round < 3; round += 1) expect((await look(before, own)).code).toBeUndefined()
    expect(other.keysAsked()).toBe(1)
    await other.rotate()
    expect((await look(await other.ofAgent('desk-bot'), own)).code).toBeUndefined()
    expect(other.keysAsked()).toBe(2)
    expect((await look(before, own)).code).toBe('EXQ-2010')
    await own.close()
    await other.close()
  })

  test('cannot be had: 503, never a pass; those that are known still serve', async () => {
    const other = await startIssuer(['desk-bot'])
    const issuer = { ...given, issuer: other.issuer }
    await linkAccount(desk.plane, { ...account('agent:helper', 'desk-bot'), issuer: other.issuer })
    const token = await other.ofAgent('desk-bot')
    const warm = await serve(issuer)
    expect((await look(token, warm)).code).toBeUndefined()
    await other.close()
    expect((await look(token, warm)).code).toBeUndefined()
    const cold = await serve(issuer, 60_000)
    for (let round = 0; round < 2; round += 1) {
      const answer = await send(cold, 'GET', '/v1/actions', { token })
      expect({ status: answer.status, code: answer.body.code, after: answer.headers['retry-after'] }).toEqual({
        status: 503,
        code: 'EXQ-2017',
        after: expect.anything(),
      })
    }
    expect(desk.logged.join('')).not.toContain(token.split('.')[1])
    await Promise.all([warm.close(), cold.close()])
  })
})

describe('the place of the keys', () => {
  test('is where the configuration says, and nothing else is asked then', async () => {
    const own = await serve({ ...given, jwksUri: `${oidc.issuer}/jwks` })
    const before = oidc.discovered()
    expect((await look(await oidc.ofAgent('desk-bot'), own)).code).toBeUndefined()
    expect(oidc.discovered()).toBe(before)
    await own.close()
  })

  test.each([
    [
      'describes another issuer',
      (issuer: string) => ({ issuer: 'https://elsewhere.test', jwks_uri: `${issuer}/jwks` }),
    ],
    [
      'names an unsafe place',
      (issuer: string) => ({ issuer, jwks_uri: `${issuer.replace('127.0.0.1', '[::ffff:127.0.0.1]')}/jwks` }),
    ],
    ['names no place', (issuer: string) => ({ issuer })],
    ['is no object', () => []],
  ])('is not found where the issuer %s', async (_, describe) => {
    // The keys are there, and fit: only what the issuer says of their place is wrong.
    const server = createServer(({ url }, response) => {
      response.end(JSON.stringify(url === '/jwks' ? { keys: [oidc.publicKey()] } : describe(issuer)))
    })
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const own = await serve({ ...given, issuer })
    expect((await look(await oidc.sign({ iss: issuer, sub: 'desk-bot' }), own)).code).toBe('EXQ-2017')
    await own.close()
    server.close()
    server.closeAllConnections()
  })
})

test('a token that ends while its request is being handled is not accepted again', async () => {
  const { authorities } = desk.plane
  const deps = { authorities, accessTokens: createAccessTokens([given], times) }
  const caller = await authenticate(deps, await oidc.ofAgent('desk-bot'), true)
  expect((await authenticateAgain(authorities, caller)).account).toBe(`oidc:${oidc.issuer}#desk-bot`)
  const { credential } = caller
  if (!('claims' in credential)) throw new Error('it came with a token of ours')
  const ended = { ...caller, credential: { claims: { ...credential.claims, endsAt: Date.now() } } }
  await expect(authenticateAgain(authorities, ended)).rejects.toMatchObject({ code: 'EXQ-2012' })
})

test('without issuers in the configuration no such token is a credential', async () => {
  expect((await desk.call('GET', '/v1/actions', { token: await oidc.ofAgent('desk-bot') })).body.code).toBe('EXQ-2001')
})

function chain(length: number): object {
  return length === 1 ? { sub: 'desk-bot' } : { sub: 'desk-bot', act: chain(length - 1) }
}

function unsigned(token: string): string {
  const header = Buffer.from(JSON.stringify({ alg: 'none', typ: 'at+jwt' })).toString('base64url')
  return `${header}.${token.split('.')[1]}.`
}

function withPayload(token: string, claims: object): string {
  const [header, payload, signature] = token.split('.')
  const old = JSON.parse(Buffer.from(payload ?? '', 'base64url').toString())
  return [header, Buffer.from(JSON.stringify({ ...old, ...claims })).toString('base64url'), signature].join('.')
}

function claimsFor(claims: object) {
  return { iss: oidc.issuer, aud: audience, exp: Math.floor(Date.now() / 1000) + 60, ...claims }
}

async function signedWithPublicKey(claims: object): Promise<string> {
  const { kid = '' } = oidc.publicKey()
  const key = (await importJWK(oidc.publicKey(), 'RS256', { extractable: true })) as webcrypto.CryptoKey
  const spki = Buffer.from(await crypto.subtle.exportKey('spki', key)).toString('base64')
  const pem = `-----BEGIN PUBLIC KEY-----\n${spki.match(/.{1,64}/g)?.join('\n')}\n-----END PUBLIC KEY-----\n`
  return new SignJWT(claimsFor(claims)).setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid }).sign(Buffer.from(pem))
}

async function signedByStranger(claims: object, inHeader = false): Promise<string> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const jwk = await exportJWK(publicKey)
  const kid = oidc.publicKey().kid ?? ''
  const header = {
    alg: 'RS256',
    typ: 'at+jwt',
    ...(inHeader ? { jwk: jwk as never, jku: 'http://127.0.0.1:1' } : { kid }),
  }
  return new SignJWT(claimsFor(claims)).setProtectedHeader(header).sign(privateKey)
}
