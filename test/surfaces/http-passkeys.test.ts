import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createPrincipal } from '../../src/control-plane/principals.js'
import { canonical, digestBytes } from '../../src/digest.js'
import type { VoteStatement } from '../../src/domain/approval.js'
import { hashToken } from '../../src/identity/token.js'
import { type Authenticator, newAuthenticator, type Said } from '../_util/authenticator.js'
import { newKey, registrationOf } from '../_util/person-key.js'
import { cancellation, type HttpDesk, openHttpDesk, send } from './http-desk.js'
import { type Browser, fromInbox, inboxOrigin, signedInFor, signIn } from './http-inbox-desk.js'

let desk: HttpDesk
beforeAll(async () => {
  desk = await openHttpDesk()
})
afterAll(() => desk.close())

const post = (path: string, browser: Browser, body: unknown = {}) =>
  desk.call('POST', path, { headers: fromInbox(browser), body })
const get = async (path: string, browser: Browser) =>
  (await desk.call('GET', path, { headers: { cookie: browser.cookie } })).body

/** A person of finance, signed in. */
async function newPerson(name: string) {
  const person = { tenant: 'acme', kind: 'person', name, groups: ['finance'], by: 'test' } as const
  const { token, principal } = await createPrincipal(desk.plane, person)
  return { token, principal, browser: await signIn(desk, token) }
}

async function register(browser: Browser, key: Authenticator, endorsement?: object, said: Said = {}) {
  const options = await post('/v1/passkeys/options', browser)
  expect(options.status).toBe(200)
  return post('/v1/passkeys', browser, {
    response: key.create(options.body, said),
    ...(endorsement && { endorsement }),
  })
}

async function ask(request: string, browser: Browser) {
  const id = await desk.askPeople((await desk.submit(cancellation(request))).body)
  return get(`/v1/approvals/${id}`, browser)
}

async function statementFor(
  // biome-ignore lint/suspicious/noExplicitAny: what the API shows
  shown: any,
  browser: Browser,
  changes: Partial<VoteStatement> = {},
): Promise<string> {
  const { tenant, principal, account } = await get('/v1/me', browser)
  return canonical({
    tenant,
    approval_id: shown.id,
    envelope_digest: shown.envelope_digest,
    rendering_digest: digestBytes(shown.rendering),
    approver: principal,
    account,
    revision: shown.your_vote.revision,
    vote: 'approve',
    reason: 'seen',
    method: 'passkey',
    acknowledged: [],
    self_approved: false,
    at: new Date().toISOString(),
    ...changes,
  })
}

describe('a passkey', () => {
  test.each(['ES256', 'EdDSA', 'RS256'] as const)(
    'of %s is registered in a browser, and signs votes',
    async (algorithm) => {
      const { browser, principal } = await newPerson(`with-${algorithm.toLowerCase()}`)
      const key = newAuthenticator(inboxOrigin, algorithm)
      expect(await register(browser, key)).toMatchObject({
        status: 200,
        body: {
          key_id: key.key_id,
          kind: 'passkey',
          principal,
          public_key: key.public_key,
          credential_id: key.credential_id,
          origin: inboxOrigin,
        },
      })
      expect((await get('/v1/keys', browser)).items).toMatchObject([{ kind: 'passkey', key_id: key.key_id }])
      expect((await get('/v1/me', browser)).passkeys).toBe(1)
      const shown = await ask(`passkey-${algorithm}`, browser)
      const statement = await statementFor(shown, browser)
      const body = { statement, key_id: key.key_id, assertion: key.assert(statement) }
      const vote = await post(`/v1/approvals/${shown.id}/votes`, browser, body)
      expect(vote).toMatchObject({
        status: 200,
        body: { votes: [{ approver: principal, vote: 'approve', method: 'passkey', counts: true }] },
      })
      expect((await post(`/v1/approvals/${shown.id}/votes`, browser, body)).body.votes).toHaveLength(1)
      expect((await post(`/v1/keys/${key.key_id}/revoke`, browser)).status).toBe(200)
      expect((await get(`/v1/approvals/${shown.id}`, browser)).votes).toMatchObject([{ counts: false }])
      expect((await get('/v1/me', browser)).passkeys).toBe(0)
      expect((await register(browser, key, key.endorse('acme', principal, key.public_key))).body.code).toBe('EXQ-4017')
    },
  )

  test('further than the first is not had with a sign-in alone, whoever stole it', async () => {
    const { browser, principal } = await newPerson('stolen')
    const [one, two, three] = [0, 1, 2].map(() => newAuthenticator(inboxOrigin)) as [
      Authenticator,
      Authenticator,
      Authenticator,
    ]
    expect((await register(browser, one)).status).toBe(200)
    const worthless = [
      undefined,
      two.endorse('acme', principal, two.public_key),
      one.endorse('acme', principal, three.public_key),
      one.endorse('globex', principal, two.public_key),
      one.endorse('acme', 'person:ann', two.public_key),
      { ...one.endorse('acme', principal, two.public_key), key_id: two.key_id },
      { key_id: one.key_id, signature: 'AAAA' },
    ]
    for (const endorsement of worthless) expect((await register(browser, two, endorsement)).body.code).toBe('EXQ-4017')
    expect((await register(browser, two, one.endorse('acme', principal, two.public_key))).status).toBe(200)
    expect((await get('/v1/keys', browser)).items).toHaveLength(2)
  })

  test('or key that is somebody`s first is had with a token, or a sign-in of the last ten minutes', async () => {
    const { browser, principal, token } = await newPerson('keyless')
    const [made, old, young] = [
      newAuthenticator(inboxOrigin),
      await signedInFor(desk, browser.cookie, 11),
      await signedInFor(desk, browser.cookie, 9),
    ]
    const { body: options } = await post('/v1/passkeys/options', young)
    // Its time has come while the device was asked.
    await desk.plane.pool.of('acme').query(
      `insert into passkey_challenges (tenant, challenge, event, principal, way_in)
       select tenant, challenge || '_', event, principal, s.id from passkey_challenges c join sign_ins s using (tenant, principal)
       where challenge = $1 and s.secret_hash = $2`,
      [options.challenge, hashToken(old.cookie.split('=')[1] as string)],
    )
    const late = { response: made.create({ ...options, challenge: `${options.challenge}_` }) }
    const own = registrationOf(newKey(), 'acme', principal)
    for (const [path, body] of [
      ['/v1/passkeys/options', {}],
      ['/v1/passkeys', late],
      ['/v1/keys', own],
    ] as const)
      expect([path, (await post(path, old, body)).body]).toMatchObject([path, { code: 'EXQ-2036', status: 403 }])
    expect((await get('/v1/keys', young)).items).toEqual([])
    expect((await post('/v1/passkeys', young, { response: made.create(options) })).status).toBe(200)
    const further = newAuthenticator(inboxOrigin)
    expect((await register(old, further, made.endorse('acme', principal, further.public_key))).status).toBe(200)
    const other = await newPerson('keyless-too')
    const byToken = registrationOf(newKey(), 'acme', other.principal)
    expect((await desk.call('POST', '/v1/keys', { token: other.token, body: byToken })).status).toBe(200)
    expect((await desk.call('POST', '/v1/keys', { token, body: own })).body.code).toBe('EXQ-4017')
  })

  test('and a key on somebody`s machine sign for each other', async () => {
    const { browser, principal, token } = await newPerson('both')
    const [own, more] = [newKey(), newKey()]
    const registered = await desk.call('POST', '/v1/keys', { token, body: registrationOf(own, 'acme', principal) })
    expect(registered).toMatchObject({ status: 200, body: { kind: 'ed25519', credential_id: null, origin: null } })
    const key = newAuthenticator(inboxOrigin)
    expect((await register(browser, key)).body.code).toBe('EXQ-4017')
    const statement = canonical({ purpose: 'endorse-key', tenant: 'acme', principal, public_key: key.public_key })
    const byOwn = { key_id: own.key_id, signature: own.sign(statement) }
    expect((await register(browser, key, byOwn)).status).toBe(200)
    const byPasskey = {
      ...registrationOf(more, 'acme', principal),
      endorsement: key.endorse('acme', principal, more.public_key),
    }
    expect((await desk.call('POST', '/v1/keys', { token, body: byPasskey })).status).toBe(200)
  })

  test('is registered only as the answer to a challenge of this sign-in, once; what is refused uses nothing up', async () => {
    const { browser, token } = await newPerson('challenged')
    const key = newAuthenticator(inboxOrigin)
    const given = await post('/v1/passkeys/options', browser)
    const answer = { response: key.create(given.body) }
    const elsewhere = await signIn(desk, token)
    const { browser: stranger } = await newPerson('stranger')
    for (const other of [elsewhere, stranger])
      expect((await post('/v1/passkeys', other, answer)).body.code).toBe('EXQ-4056')
    expect((await desk.call('POST', '/v1/passkeys', { token, body: answer })).body.code).toBe('EXQ-4056')
    expect((await post('/v1/passkeys', browser, { response: key.create({ challenge: 'AAAA' }) })).body.code).toBe(
      'EXQ-4056',
    )
    expect((await post('/v1/passkeys', browser, answer)).status).toBe(200)
    expect((await post('/v1/passkeys', browser, answer)).body.code).toBe('EXQ-4056')
    const spoilt = await post('/v1/passkeys/options', browser)
    const bad = { response: key.create(spoilt.body, { flags: 0x41 }) }
    expect((await post('/v1/passkeys', browser, bad)).body.code).toBe('EXQ-4056')
    const further = newAuthenticator(inboxOrigin)
    const unsigned = { response: further.create(spoilt.body) }
    expect((await post('/v1/passkeys', browser, unsigned)).body.code).toBe('EXQ-4017')
    const { tenant, principal } = await get('/v1/me', browser)
    const endorsement = key.endorse(tenant, principal, further.public_key)
    expect((await post('/v1/passkeys', browser, { ...unsigned, endorsement })).status).toBe(200)
    expect((await post('/v1/passkeys', browser, { ...unsigned, endorsement })).body.code).toBe('EXQ-4056')
  })

  test('is not registered where its person was not verified, or on another page', async () => {
    const { browser } = await newPerson('unverified')
    const key = newAuthenticator(inboxOrigin)
    const wrong: Said[] = [
      { flags: 0x41 },
      { flags: 0x44 },
      { origin: 'https://evil.example' },
      { origin: 'http://localhost:7401' },
      { rpId: 'evil.example' },
      { type: 'webauthn.get' },
    ]
    for (const said of wrong) expect((await register(browser, key, undefined, said)).body.code).toBe('EXQ-4056')
    for (const response of [{}, { response: {} }, { response: { clientDataJSON: 'x' } }])
      expect((await post('/v1/passkeys', browser, { response })).body.code).toBe('EXQ-4056')
    expect((await get('/v1/keys', browser)).items).toEqual([])
  })

  test('of somebody is nobody else`s', async () => {
    const [mine, theirs] = [await newPerson('mine'), await newPerson('theirs')]
    const key = newAuthenticator(inboxOrigin)
    expect((await register(mine.browser, key)).status).toBe(200)
    expect((await register(theirs.browser, key)).body.code).toBe('EXQ-4015')
    const shown = await ask('passkey-other', theirs.browser)
    const statement = await statementFor(shown, theirs.browser)
    const body = { statement, key_id: key.key_id, assertion: key.assert(statement) }
    expect((await post(`/v1/approvals/${shown.id}/votes`, theirs.browser, body)).body.code).toBe('EXQ-4013')
    expect((await post(`/v1/keys/${key.key_id}/revoke`, theirs.browser)).body.code).toBe('EXQ-4016')
  })

  test('is for people', async () => {
    const { desk: agent } = desk.tokens
    for (const [path, body] of [
      ['/v1/passkeys/options', {}],
      ['/v1/passkeys', { response: {} }],
    ] as const)
      expect((await desk.call('POST', path, { token: agent, body })).body.code).toBe('EXQ-2002')
  })

  test.each(['https://127.0.0.1', 'https://[::1]:8443', 'http://127.0.0.1:7400'])(
    'is not to be had where the inbox is at %s, and the answer says why',
    async (publicUrl) => {
      const app = await desk.serve({ ...desk.plane, inbox: { ...desk.plane.inbox, publicUrl } })
      const answer = await send(app, 'POST', '/v1/passkeys/options', { token: desk.tokens.ann, body: {} })
      expect(answer).toMatchObject({ status: 409, body: { code: 'EXQ-4055' } })
      expect(answer.body.remedy).toContain('EXEQUATUR_PUBLIC_URL')
      await app.close()
    },
  )
})

describe('a vote by a passkey', () => {
  let voter: Awaited<ReturnType<typeof newPerson>>
  let key: Authenticator
  beforeAll(async () => {
    voter = await newPerson('voter')
    key = newAuthenticator(inboxOrigin)
    await register(voter.browser, key)
  })

  const wrong: Readonly<Record<string, Said>> = {
    'made with nobody there': { flags: 0x04 },
    'made without verifying its person': { flags: 0x01 },
    'made on another page': { origin: 'https://evil.example' },
    'made for another site': { rpId: 'evil.example' },
    'made for another challenge': { challenge: 'AAAA' },
    'that is a registration': { type: 'webauthn.create' },
  }
  test.each(Object.entries(wrong))('%s is refused', async (what, said) => {
    const shown = await ask(`vote ${what}`.replaceAll(' ', '-'), voter.browser)
    const statement = await statementFor(shown, voter.browser)
    const body = { statement, key_id: key.key_id, assertion: key.assert(statement, said) }
    const answer = await post(`/v1/approvals/${shown.id}/votes`, voter.browser, body)
    expect(answer).toMatchObject({ status: 422, body: { code: 'EXQ-4012' } })
    expect((await get(`/v1/approvals/${shown.id}`, voter.browser)).votes).toEqual([])
  })

  test('is for what it says, and for nothing else', async () => {
    const shown = await ask('vote-said', voter.browser)
    const path = `/v1/approvals/${shown.id}/votes`
    const honest = await statementFor(shown, voter.browser)
    const assertion = key.assert(honest)
    for (const changes of [
      { vote: 'reject' },
      { method: 'key' },
      { reason: 'other' },
      { approver: 'person:ann' },
    ] as const) {
      const statement = await statementFor(shown, voter.browser, changes)
      const stolen = await post(path, voter.browser, { statement, key_id: key.key_id, assertion })
      expect([changes, stolen.body.code]).toEqual([changes, 'EXQ-4012'])
    }
    const asKey = { statement: honest, key_id: key.key_id, signature: assertion.signature }
    expect((await post(path, voter.browser, asKey)).body.code).toBe('EXQ-4013')
    const cut = { ...assertion, signature: assertion.signature.slice(0, -4) }
    expect((await post(path, voter.browser, { statement: honest, key_id: key.key_id, assertion: cut })).body.code).toBe(
      'EXQ-4012',
    )
    expect((await post(path, voter.browser, { statement: honest, key_id: key.key_id, assertion })).status).toBe(200)
  })

  test('takes the place of one that the server vouched for', async () => {
    const shown = await ask('vote-stronger', voter.browser)
    const path = `/v1/approvals/${shown.id}/votes`
    const { envelope_digest } = shown
    const plain = { vote: 'approve', reason: 'seen', envelope_digest }
    // What is asked for is of high risk: without the passkey the inbox is not enough.
    expect((await post(path, voter.browser, plain)).body.code).toBe('EXQ-4050')
    expect((await desk.call('POST', path, { token: voter.token, body: plain })).status).toBe(200)
    const again = await get(`/v1/approvals/${shown.id}`, voter.browser)
    const statement = await statementFor(again, voter.browser)
    const { body } = await post(path, voter.browser, {
      statement,
      key_id: key.key_id,
      assertion: key.assert(statement),
    })
    expect(body.votes.map(({ method, counts }: { method: string; counts: boolean }) => [method, counts])).toEqual([
      ['http', false],
      ['passkey', true],
    ])
  })
})
