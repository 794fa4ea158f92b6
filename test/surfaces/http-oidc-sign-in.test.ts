import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Issuer } from '../../src/contract/issuer.js'
import { linkAccount, unlinkAccount } from '../../src/control-plane/accounts.js'
import { suspendPrincipal } from '../../src/control-plane/principal-life.js'
import { createPrincipal } from '../../src/control-plane/principals.js'
import { createAccessTokens } from '../../src/identity/access-tokens.js'
import { createOidcSignIns } from '../../src/identity/oidc-sign-ins.js'
import { browse, inboxCallback, type OidcIssuer, startIssuer } from '../identity/oidc-issuer.js'
import { type HttpDesk, openHttpDesk, send } from './http-desk.js'
import { fromInbox, inboxOrigin } from './http-inbox-desk.js'

let oidc: OidcIssuer
let desk: HttpDesk
let app: FastifyInstance
beforeAll(async () => {
  oidc = await startIssuer(['desk-bot'])
  desk = await openHttpDesk()
  app = await serve()
  await link('person:ann', 'ann-1')
  await link('person:bob', 'bob-1')
  await link('agent:support_refunds_v2', 'desk-bot')
})
afterAll(async () => {
  await app.close()
  await desk.close()
  await oidc.close()
})

const link = (principal: string, subject: string) =>
  linkAccount(desk.plane, { tenant: 'acme', principal, issuer: oidc.issuer, subject, by: 'test' })

function serve(changes: Partial<Issuer> = {}) {
  const issuers: Issuer[] = [
    {
      issuer: oidc.issuer,
      audience: oidc.audience,
      tenant: 'acme',
      signIn: { clientId: 'desk-inbox', clientSecret: 'env:INBOX_SECRET', name: 'Desk' },
      ...changes,
    },
  ]
  const signIns = createOidcSignIns(issuers, inboxOrigin, { INBOX_SECRET: oidc.secretOf('desk-inbox') })
  const inbox = { ...desk.plane.inbox, issuers, oidc: signIns }
  return desk.serve({ ...desk.plane, inbox, accessTokens: createAccessTokens(issuers) })
}

/** A browser that goes to the issuer: where to, and what it keeps meanwhile. */
async function begin(to = '/inbox', at = app) {
  const answer = await at.inject({ method: 'GET', url: `/inbox/sign-in/oidc?issuer=0&to=${encodeURIComponent(to)}` })
  expect(answer.statusCode).toBe(303)
  const cookie = String(answer.headers['set-cookie']).split(';')[0] as string
  return { address: String(answer.headers.location), cookie, setCookie: String(answer.headers['set-cookie']) }
}

/** Signs in at the issuer as somebody; resolves to the path that the issuer sends the browser back to. */
async function atIssuer(address: string, subject: string): Promise<string> {
  const back = await browse(`${address}&login_hint=${subject}`, inboxCallback)
  return back.slice(inboxOrigin.length)
}

const comeBack = (path: string, cookie: string | undefined, at = app) =>
  at.inject({ method: 'GET', url: path, headers: cookie === undefined ? {} : { cookie } })

async function signInAs(subject: string, to = '/inbox', at = app) {
  const { address, cookie } = await begin(to, at)
  return comeBack(await atIssuer(address, subject), cookie, at)
}

type Answer = Awaited<ReturnType<typeof comeBack>>

const cookieOf = ({ headers }: Answer) =>
  [headers['set-cookie']]
    .flat()
    .map(String)
    .find((each) => each.startsWith('exq_sign_in=si_'))
    ?.split(';')[0]
const me = async (answer: Answer, at = app) =>
  (await send(at, 'GET', '/v1/me', { headers: { cookie: cookieOf(answer) ?? '' } })).body
const problemOf = (answer: Answer) => {
  expect(cookieOf(answer)).toBeUndefined()
  expect(answer.statusCode).toBe(303)
  return String(answer.headers.location)
}
const problem = (code: string) => `/inbox/sign-in?problem=${code}`

describe('signing in through an issuer', () => {
  test('is offered where it is configured', async () => {
    const ways = async (at: FastifyInstance) => (await send(at, 'GET', '/inbox/sign-in/ways')).body
    expect(await ways(app)).toEqual({ issuers: [{ index: 0, name: 'Desk' }] })
    expect(await ways(desk.app)).toEqual({ issuers: [] })
    expect((await send(desk.app, 'GET', '/inbox/sign-in/oidc?issuer=0')).body.code).toBe('EXQ-2034')
    expect((await send(app, 'GET', '/inbox/sign-in/oidc?issuer=1')).body.code).toBe('EXQ-2034')
  })

  test('asks with a code, PKCE, state and nonce, and keeps what it asked in this browser', async () => {
    const { address, setCookie } = await begin()
    const asked = new URL(address).searchParams
    expect(Object.fromEntries(asked)).toMatchObject({
      response_type: 'code',
      client_id: 'desk-inbox',
      redirect_uri: inboxCallback,
      scope: 'openid',
      code_challenge_method: 'S256',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      state: expect.stringMatching(/^[\w-]{20,}$/),
      nonce: expect.stringMatching(/^[\w-]{20,}$/),
    })
    expect(setCookie).toMatch(/; Path=\/; Max-Age=600; HttpOnly; SameSite=Lax$/)
  })

  test('lets in whoever the identity is linked to, with that account', async () => {
    const answer = await signInAs('bob-1', '/inbox/approvals/apr_1')
    expect(answer.headers.location).toBe('/inbox/approvals/apr_1')
    const told = await me(answer)
    expect(told).toMatchObject({
      principal: 'person:bob',
      surface: 'inbox',
      account: `oidc:${oidc.issuer}#bob-1`,
    })
    const browser = { cookie: cookieOf(answer) ?? '', csrf: told.csrf }
    const out = await send(app, 'POST', '/inbox/sign-out', { headers: fromInbox(browser), body: {} })
    expect(out.status).toBe(200)
    expect((await me(answer)).code).toBe('EXQ-2030')
  })

  test('lets nobody in whom nobody knows, and no agent', async () => {
    expect(problemOf(await signInAs('stranger'))).toBe(problem('EXQ-2014'))
    expect(problemOf(await signInAs('desk-bot'))).toBe(problem('EXQ-2002'))
  })

  test('is over once the identity is unlinked, or its person suspended', async () => {
    await createPrincipal(desk.plane, { tenant: 'acme', kind: 'person', name: 'uma', groups: [], by: 'test' })
    await link('person:uma', 'uma-1')
    const answer = await signInAs('uma-1')
    expect((await me(answer)).principal).toBe('person:uma')
    await suspendPrincipal(desk.plane, { tenant: 'acme', principal: 'person:uma', by: 'test' })
    expect((await me(answer)).code).toBe('EXQ-2015')
    const account = { tenant: 'acme', principal: 'person:uma', issuer: oidc.issuer, subject: 'uma-1', by: 'test' }
    await unlinkAccount(desk.plane, account)
    expect((await me(answer)).code).toBe('EXQ-2014')
    await linkAccount(desk.plane, { ...account, principal: 'person:ann' })
    expect((await me(answer)).code).toBe('EXQ-2030')
  })

  test('is over once the issuer is configured no more', async () => {
    const answer = await signInAs('ann-1')
    expect((await me(answer, desk.app)).code).toBe('EXQ-2010')
  })

  test('is not for people where they sign in through other clients', async () => {
    const other = await serve({ signInClients: ['desk-cli'] })
    expect(problemOf(await signInAs('ann-1', '/inbox', other))).toBe(problem('EXQ-2016'))
    await other.close()
  })

  test('keeps the scopes that the issuer gave', async () => {
    const scoped = await serve({ scopes: { read: 'read', decide: 'decide' } })
    const { address, cookie } = await begin('/inbox', scoped)
    expect(new URL(address).searchParams.get('scope')).toBe('openid read decide')
    const full = await comeBack(await atIssuer(address, 'ann-1'), cookie, scoped)
    const { csrf } = await me(full, scoped)
    const out = { headers: fromInbox({ cookie: cookieOf(full) ?? '', csrf }), body: {} }
    expect((await send(scoped, 'POST', '/inbox/sign-out', out)).status).toBe(200)

    const { address: wide, cookie: kept } = await begin('/inbox', scoped)
    const narrow = new URL(wide)
    narrow.searchParams.set('scope', 'openid read')
    const answer = await comeBack(await atIssuer(narrow.href, 'ann-1'), kept, scoped)
    const told = await me(answer, scoped)
    const wish = { headers: fromInbox({ cookie: cookieOf(answer) ?? '', csrf: told.csrf }), body: {} }
    expect(told.principal).toBe('person:ann')
    expect((await send(scoped, 'POST', '/inbox/sign-out', wish)).body.code).toBe('EXQ-2013')
    await scoped.close()
  })
})

describe('coming back from an issuer', () => {
  test('is for the browser that went there, once', async () => {
    const { address, cookie } = await begin()
    const path = await atIssuer(address, 'ann-1')
    const other = await begin()
    for (const strange of [undefined, other.cookie, 'exq_sign_in_begun=', `${cookie}x`, `${cookie.slice(0, -20)}`])
      expect(problemOf(await comeBack(path, strange))).toBe(problem('EXQ-2034'))
    expect(problemOf(await comeBack('/inbox/sign-in/callback?error=access_denied', cookie))).toBe(problem('EXQ-2034'))
    expect((await me(await comeBack(path, cookie))).principal).toBe('person:ann')
    expect(problemOf(await comeBack(path, cookie))).toBe(problem('EXQ-2034'))
  })

  test('with another state, nonce or verifier than it went with is nothing', async () => {
    const { verifySignature, signingKey } = desk.plane
    const { openBegun, sealBegun } = await import('../../src/http/inbox/begun-sign-in.js')
    for (const field of ['state', 'nonce', 'verifier'] as const) {
      const { address, cookie } = await begin()
      const path = await atIssuer(address, 'ann-1')
      const kept = openBegun({ verifySignature, signingKey }, cookie.split('=')[1] as string)
      if (!kept) throw new Error('what was kept cannot be read')
      const forged = sealBegun({ verifySignature, signingKey }, { ...kept, [field]: 'x'.repeat(43) })
      expect(problemOf(await comeBack(path, `exq_sign_in_begun=${forged}`))).toBe(problem('EXQ-2034'))
      const late = sealBegun({ verifySignature, signingKey }, { ...kept, until: Date.now() - 1 })
      expect(problemOf(await comeBack(path, `exq_sign_in_begun=${late}`))).toBe(problem('EXQ-2034'))
    }
  })

  test.each([
    ['https://evil.example/inbox', '/inbox'],
    ['//evil.example/inbox', '/inbox'],
    ['/\\evil.example/inbox', '/inbox'],
    ['/inbox/../v1/me', '/inbox'],
    ['/inboxes', '/inbox'],
    ['/v1/me', '/inbox'],
    ['javascript:alert(1)', '/inbox'],
    ['/inbox@evil.example', '/inbox'],
    ['\thttps://evil.example', '/inbox'],
    ['/inbox/sign-in/oidc?issuer=0', '/inbox'],
    [`/inbox/${'x'.repeat(600)}`, '/inbox'],
    ['/inbox/approvals/apr_1?tab=x#y', '/inbox/approvals/apr_1?tab=x#y'],
    ['/inbox//evil.example', '/inbox//evil.example'],
  ])('leads from %s to %s', async (to, goal) => {
    expect((await signInAs('ann-1', to)).headers.location).toBe(goal)
  })
})

test('an issuer that is away is said to be, and is asked again soon', async () => {
  const away = await serve({ issuer: 'http://127.0.0.1:9' })
  expect((await send(away, 'GET', '/inbox/sign-in/oidc?issuer=0')).body.code).toBe('EXQ-2017')
  await away.close()
})

test('a server without the secret of its client does not start', () => {
  const issuer = { issuer: oidc.issuer, audience: 'a', tenant: 'acme' }
  const open = () =>
    createOidcSignIns([{ ...issuer, signIn: { clientId: 'x', clientSecret: 'env:NO' } }], inboxOrigin, {})
  expect(open).toThrow(/EXQ-7001 .*NO is not set/)
})
