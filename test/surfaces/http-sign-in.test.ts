import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { resumePrincipal, rotateToken, suspendPrincipal } from '../../src/control-plane/principal-life.js'
import { createPrincipal, revokePrincipal } from '../../src/control-plane/principals.js'
import { callerAgain, callerSignedIn } from '../../src/control-plane/sign-in/signed-in.js'
import { usualSurfaceRules } from '../../src/domain/surface-rules.js'
import { mintSecret } from '../../src/identity/sign-in-secret.js'
import { hashToken } from '../../src/identity/token.js'
import { permitDesk } from '../_util/policies.js'
import { cancellation, type HttpDesk, openHttpDesk, send } from './http-desk.js'
import { fromInbox, inboxOrigin, linkCode, openLink, signIn } from './http-inbox-desk.js'

let desk: HttpDesk
beforeAll(async () => {
  const surfaceRules = { ...usualSurfaceRules, inboxUpTo: 'high' } as const
  desk = await openHttpDesk({}, permitDesk, { surfaceRules })
})
afterAll(() => desk.close())

const me = (cookie: string, headers: Record<string, string> = {}) =>
  desk.call('GET', '/v1/me', { headers: { cookie, ...headers } })
const newPerson = (name: string) =>
  createPrincipal(desk.plane, { tenant: 'acme', kind: 'person', name, groups: ['finance'], by: 'test' })
const rows = async () => {
  const { rows: counted } = await desk.plane.pool.of('acme').query<{ count: number }>(
    `select ((select count(*) from sign_ins) + (select count(*) from sign_in_links)
       + (select count(*) from sign_in_events where event = 'ended'))::int as count`,
  )
  return counted[0]?.count
}

/** The cookie of the same sign-in, with its uses, as it would be so many seconds later: sign-ins are only ever added. */
async function later(cookie: string, seconds: number): Promise<string> {
  const secret = mintSecret('si', 'acme')
  await desk.plane.pool.of('acme').query(
    `with before as (select *, make_interval(secs => $3::int) as ago from sign_ins where secret_hash = $1),
       after as (
         insert into sign_ins (tenant, id, secret_hash, principal, credential, way, signed_in_at, ends_at)
         select tenant, id || '+' || $3, $2, principal, credential, 'oidc', signed_in_at - ago, ends_at - ago from before
         returning id)
     insert into sign_in_events (tenant, sign_in, event, happened_at)
     select e.tenant, after.id, e.event, e.happened_at - ago
     from after, before join sign_in_events e on (e.tenant, e.sign_in) = (before.tenant, before.id)`,
    [hashToken(cookie.split('=')[1] as string), hashToken(secret), String(seconds)],
  )
  return `exq_sign_in=${secret}`
}

async function ask(request: string) {
  const id = await desk.askPeople((await desk.submit(cancellation(request))).body)
  const { body } = await desk.call('GET', `/v1/approvals/${id}`, { token: desk.tokens.bob })
  return {
    path: `/v1/approvals/${id}/votes`,
    body: { vote: 'approve', reason: 'seen', envelope_digest: body.envelope_digest },
  }
}

describe('a sign-in link', () => {
  test('signs its person in, once, in whichever server it is opened', async () => {
    const elsewhere = await desk.serve(desk.plane)
    const code = await linkCode(desk, desk.tokens.ann)
    const answers = await Promise.all([desk.app, elsewhere, desk.app, elsewhere].map((app) => openLink(app, code)))
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 401, 401, 401])
    const won = answers.find(({ statusCode }) => statusCode === 200)
    expect(won?.headers['set-cookie']).toMatch(
      /^exq_sign_in=si_acme_[\w-]{43}; Path=\/; Max-Age=28800; HttpOnly; SameSite=Strict$/,
    )
    expect(won?.json()).toMatchObject({ principal: 'person:ann' })
    expect((await openLink(desk.app, code)).json().code).toBe('EXQ-2033')
    await elsewhere.close()
  })

  test('is for people: agents and their tokens get none', async () => {
    for (const token of [desk.tokens.desk, desk.tokens.globex])
      expect((await desk.call('POST', '/v1/sign-in-links', { token, body: {} })).body.code).toBe('EXQ-2002')
  })

  test('is not had with a sign-in', async () => {
    const headers = fromInbox(await signIn(desk, desk.tokens.ann))
    expect((await desk.call('POST', '/v1/sign-in-links', { headers, body: {} })).body.code).toBe('EXQ-2035')
  })

  test('signs nobody in once its token is revoked, or its person suspended', async () => {
    const person = await newPerson('lena')
    const code = await linkCode(desk, person.token)
    await suspendPrincipal(desk.plane, { tenant: 'acme', principal: person.principal, by: 'test' })
    expect((await openLink(desk.app, code)).json().code).toBe('EXQ-2015')
    await resumePrincipal(desk.plane, { tenant: 'acme', principal: person.principal, by: 'test' })
    await rotateToken(desk.plane, { tenant: 'acme', principal: person.principal, by: 'test' })
    expect((await openLink(desk.app, code)).json().code).toBe('EXQ-2001')
  })

  test('is good for ten minutes', async () => {
    const code = await linkCode(desk, desk.tokens.ann)
    const { rows: [life] = [] } = await desk.plane.pool
      .of('acme')
      .query<{ minutes: number }>(
        'select extract(epoch from expires_at - given_at)::int / 60 as minutes from sign_in_links order by given_at desc limit 1',
      )
    expect(life).toEqual({ minutes: 10 })
    // As if it had been given before: links are only ever added.
    const old = `ln_acme_${'o'.repeat(43)}`
    await desk.plane.pool.of('acme').query(
      `insert into sign_in_links (tenant, code_hash, principal, credential, given_at, expires_at)
       select tenant, $1, principal, credential, now() - interval '11 minutes', now() - interval '1 minute'
       from sign_in_links where code_hash = $2`,
      [hashToken(old), hashToken(code)],
    )
    expect((await openLink(desk.app, old)).json().code).toBe('EXQ-2033')
    expect((await openLink(desk.app, code)).statusCode).toBe(200)
  })

  test('that nobody was given, or of another kind, is none', async () => {
    for (const code of ['', 'ln_acme_x', `ln_acme_${'A'.repeat(43)}`, `ln_nowhere_${'A'.repeat(43)}`, desk.tokens.ann])
      expect((await openLink(desk.app, code)).json().code).toBe('EXQ-2033')
  })

  test('is not guessed at any speed: an address that tries too often is held back, and no other', async () => {
    const app = await desk.serve(desk.plane, { strangersLimit: { max: 2, windowMs: 60_000 } })
    const attempt = (remoteAddress: string) =>
      app.inject({
        method: 'POST',
        url: '/inbox/sign-in/link',
        remoteAddress,
        headers: { origin: inboxOrigin, 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' },
        payload: JSON.stringify({ code: 'ln_none' }),
      })
    const answers = [await attempt('10.0.0.1'), await attempt('10.0.0.1'), await attempt('10.0.0.1')]
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([401, 401, 429])
    expect(answers.at(-1)?.json()).toMatchObject({ code: 'EXQ-1108', retryable: true })
    expect((await attempt('10.0.0.2')).statusCode).toBe(401)
    await app.close()
  })

  test('is used by a page of ours alone, and by no GET', async () => {
    const code = await linkCode(desk, desk.tokens.ann)
    const before = await rows()
    for (const headers of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }, { origin: 'null' }])
      expect((await openLink(desk.app, code, headers)).json().code).toBe('EXQ-2032')
    for (const url of [
      `/inbox/sign-in/link?code=${code}`,
      `/inbox/sign-in?code=${code}`,
      `/inbox/sign-in/link/${code}`,
    ])
      await desk.app.inject({ method: 'GET', url })
    expect(await rows()).toBe(before)
    expect((await openLink(desk.app, code)).statusCode).toBe(200)
  })
})

describe('a sign-in', () => {
  test('is its person, and says so', async () => {
    const { cookie, csrf } = await signIn(desk, desk.tokens.bob)
    const { body } = await me(cookie)
    expect(body).toEqual({
      tenant: 'acme',
      principal: 'person:bob',
      name: 'bob',
      groups: ['finance'],
      account: expect.stringMatching(/^token:crd_/),
      surface: 'inbox',
      csrf,
      passkeys: 0,
      keeps_stops: false,
      signs_in_until: expect.stringMatching(/^20.*Z$/),
    })
    const { body: byToken } = await desk.call('GET', '/v1/me', { token: desk.tokens.bob })
    expect(byToken).toEqual({ ...body, surface: 'token', csrf: null, signs_in_until: null })
  })

  test('votes as `inbox`, with the account of the token behind it', async () => {
    const browser = await signIn(desk, desk.tokens.bob)
    const { path, body } = await ask('inbox-vote')
    const answer = await desk.call('POST', path, {
      headers: fromInbox(browser, { 'x-exequatur-surface': 'cli' }),
      body,
    })
    expect(answer).toMatchObject({
      status: 200,
      body: { votes: [{ approver: 'person:bob', vote: 'approve', method: 'inbox', counts: true }] },
    })
    const { rows: votes } = await desk.plane.pool
      .of('acme')
      .query('select account from votes where approval_id = $1', [answer.body.id])
    expect(votes).toEqual([{ account: (await me(browser.cookie)).body.account }])
  })

  test('whose token is revoked takes its approvals with it', async () => {
    const person = await newPerson('rita')
    const browser = await signIn(desk, person.token)
    const { path, body } = await ask('revoked-vote')
    expect((await desk.call('POST', path, { headers: fromInbox(browser), body })).body.votes).toMatchObject([
      { counts: true },
    ])
    await rotateToken(desk.plane, { tenant: 'acme', principal: person.principal, by: 'test' })
    const shown = await desk.call('GET', path.replace('/votes', ''), { token: desk.tokens.bob })
    expect(shown.body.votes).toMatchObject([{ counts: false }])
    expect((await me(browser.cookie)).body.code).toBe('EXQ-2001')
  })

  test('does nothing for a page of another site', async () => {
    const browser = await signIn(desk, desk.tokens.bob)
    const { path, body } = await ask('forged')
    const forged: readonly Record<string, string | undefined>[] = [
      { origin: 'https://evil.example' },
      { origin: 'http://localhost:7401' },
      { origin: 'http://localhost' },
      { origin: 'null' },
      { origin: undefined },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'none' },
      { 'x-exequatur-csrf': undefined },
      { 'x-exequatur-csrf': '' },
      { 'x-exequatur-csrf': (await signIn(desk, desk.tokens.bob)).csrf },
    ]
    for (const changes of forged) {
      const answer = await desk.call('POST', path, { headers: fromInbox(browser, changes), body })
      expect([changes, answer.status, answer.body.code]).toEqual([changes, 403, 'EXQ-2032'])
    }
    for (const site of ['cross-site', 'same-site'])
      expect((await me(browser.cookie, { 'sec-fetch-site': site })).body.code).toBe('EXQ-2032')
    expect((await me(browser.cookie, { origin: 'https://evil.example' })).body.code).toBe('EXQ-2032')
    expect((await me(browser.cookie)).body).not.toHaveProperty('code')
    const shown = await desk.call('GET', path.replace('/votes', ''), { token: desk.tokens.bob })
    expect(shown.body.votes).toEqual([])
  })

  test('is opened to no other site by the answers', async () => {
    const { cookie } = await signIn(desk, desk.tokens.bob)
    for (const answer of [
      await desk.app.inject({ method: 'OPTIONS', url: '/v1/me', headers: { origin: 'https://evil.example' } }),
      await desk.app.inject({ method: 'GET', url: '/v1/me', headers: { cookie } }),
    ])
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
  })

  test('and a token are not sent together', async () => {
    const { cookie } = await signIn(desk, desk.tokens.bob)
    for (const token of [desk.tokens.bob, desk.tokens.desk])
      expect((await desk.call('GET', '/v1/me', { token, headers: { cookie } })).body.code).toBe('EXQ-2031')
    for (const authorization of ['', 'Basic eDp5'])
      expect((await me(cookie, { authorization })).body.code).toBe('EXQ-2031')
  })

  test('is over for somebody suspended at once and for good, also once they are resumed', async () => {
    const person = await newPerson('sam')
    const { cookie } = await signIn(desk, person.token)
    const elsewhere = await desk.serve({ ...desk.plane })
    const life = { tenant: 'acme', principal: person.principal, by: 'test' }
    await suspendPrincipal(desk.plane, life)
    for (const app of [desk.app, elsewhere])
      expect((await send(app, 'GET', '/v1/me', { headers: { cookie } })).body.code).toBe('EXQ-2015')
    await resumePrincipal(desk.plane, life)
    for (const app of [desk.app, elsewhere])
      expect((await send(app, 'GET', '/v1/me', { headers: { cookie } })).body.code).toBe('EXQ-2030')
    const { cookie: anew } = await signIn(desk, person.token)
    expect((await me(anew)).status).toBe(200)
    await revokePrincipal(desk.plane, 'acme', person.principal, 'test')
    await newPerson('sam')
    expect((await me(anew)).body.code).toBe('EXQ-2001')
    await elsewhere.close()
  })

  test('is over once signed out, also for whoever kept the cookie', async () => {
    const browser = await signIn(desk, desk.tokens.ann)
    const out = await desk.call('POST', '/inbox/sign-out', { headers: fromInbox(browser), body: {} })
    expect(out.status).toBe(200)
    expect(out.headers['set-cookie']).toMatch(/^exq_sign_in=; Path=\/; Max-Age=0; /)
    expect(await me(browser.cookie)).toMatchObject({ status: 401, body: { code: 'EXQ-2030' } })
    expect((await desk.call('POST', '/inbox/sign-out', { token: desk.tokens.ann, body: {} })).body.code).toBe(
      'EXQ-2030',
    )
  })

  test('that ended is noticed by whoever has watched since', async () => {
    const browser = await signIn(desk, desk.tokens.ann)
    const caller = await callerSignedIn(desk.plane, browser.cookie.split('=')[1] as string)
    expect((await callerAgain(desk.plane, caller)).signIn).toEqual(caller.signIn)
    await desk.call('POST', '/inbox/sign-out', { headers: fromInbox(browser), body: {} })
    await expect(callerAgain(desk.plane, caller)).rejects.toMatchObject({ code: 'EXQ-2030' })
  })

  test('is not signed out by another site', async () => {
    const browser = await signIn(desk, desk.tokens.ann)
    const headers = fromInbox(browser, { origin: 'https://evil.example' })
    expect((await desk.call('POST', '/inbox/sign-out', { headers, body: {} })).body.code).toBe('EXQ-2032')
    expect((await me(browser.cookie)).status).toBe(200)
  })

  test('is never one that somebody planted in the browser', async () => {
    const planted = `exq_sign_in=si_acme_${'p'.repeat(43)}`
    const answer = await openLink(desk.app, await linkCode(desk, desk.tokens.ann), { cookie: planted })
    expect(answer.statusCode).toBe(200)
    const given = String(answer.headers['set-cookie']).split(';')[0] as string
    expect(given).not.toBe(planted)
    expect((await me(planted)).body.code).toBe('EXQ-2030')
    const { cookie: another } = await signIn(desk, desk.tokens.bob)
    expect((await me(`${given}; ${another}`)).body.code).toBe('EXQ-2001')
    expect((await me(given)).body.principal).toBe('person:ann')
  })

  test('of one tenant is nothing in another', async () => {
    const { cookie } = await signIn(desk, desk.tokens.bob)
    expect((await me(cookie.replace('si_acme', 'si_globex'))).body.code).toBe('EXQ-2030')
    expect((await me(cookie.replace('si_acme', 'si_nowhere'))).body.code).toBe('EXQ-2030')
    expect((await me(cookie.replace('si_acme', 'ln_acme'))).body.code).toBe('EXQ-2030')
  })

  test('ends after its time, and when it is idle for too long', async () => {
    const inbox = { ...desk.plane.inbox, signInForMs: 400_000, idleForMs: 100_000 }
    const app = await desk.serve({ ...desk.plane, inbox })
    const detail = async (cookie: string) => (await send(app, 'GET', '/v1/me', { headers: { cookie } })).body.detail
    let { cookie } = await signIn(desk, desk.tokens.ann, app)
    expect(await detail(await later(cookie, 101))).toBe('the sign-in was idle for too long')
    for (let turn = 0; turn < 6; turn += 1) {
      cookie = await later(cookie, 55)
      expect(await detail(cookie)).toBeUndefined()
    }
    expect(await detail(await later(cookie, 71))).toBe('the sign-in is too old')
    await app.close()
  })

  test('leaves no secret in the log or the ledger', async () => {
    const code = await linkCode(desk, desk.tokens.ann)
    const cookie = String((await openLink(desk.app, code)).headers['set-cookie']).split(/[=;]/)[1] as string
    await me(`exq_sign_in=${cookie}`)
    const { rows: kept } = await desk.plane.pool
      .of('acme')
      .query<{ all: string }>(
        'select (select json_agg(s)::text from sign_ins s) || (select json_agg(l)::text from sign_in_links l) as all',
      )
    for (const secret of [code, cookie, desk.tokens.ann]) {
      expect(desk.logged.join('')).not.toContain(secret)
      expect(kept[0]?.all).not.toContain(secret)
    }
    expect(desk.logged.join('')).toContain('"route":"/inbox/sign-in/link"')
  })
})

test('over https the cookie is for https and this host alone, and browsers are told to stay there', async () => {
  const publicUrl = 'https://exequatur.example'
  const app = await desk.serve({ ...desk.plane, inbox: { ...desk.plane.inbox, publicUrl } })
  const { body } = await send(app, 'POST', '/v1/sign-in-links', { token: desk.tokens.ann, body: {} })
  expect(body.url).toContain(`${publicUrl}/inbox/sign-in#`)
  const answer = await openLink(app, body.url.split('#')[1], { origin: publicUrl })
  expect(answer.headers['set-cookie']).toMatch(/^__Host-exq_sign_in=.*; Path=\/; .*HttpOnly; SameSite=Strict; Secure$/)
  expect(answer.headers['strict-transport-security']).toBe('max-age=63072000')
  const plain = String(answer.headers['set-cookie']).split(';')[0]?.replace('__Host-', '') as string
  expect((await send(app, 'GET', '/v1/me', { headers: { cookie: plain } })).body.code).toBe('EXQ-2001')
  expect((await openLink(app, body.url.split('#')[1], { origin: inboxOrigin })).json().code).toBe('EXQ-2032')
  await app.close()
})
