import type { FastifyInstance } from 'fastify'
import { expect } from 'vitest'
import { csrfTokenOf, mintSecret } from '../../src/identity/sign-in-secret.js'
import { hashToken } from '../../src/identity/token.js'
import type { HttpDesk } from './http-desk.js'

/** Where the inbox of a {@link HttpDesk} is. */
export const inboxOrigin = 'http://localhost:7400'

/** What a browser would send along: the cookie, where the page is from, and what the page was told. */
export interface Browser {
  readonly cookie: string
  readonly csrf: string
}

/** A link for whoever the token is of; resolves to its code. */
export async function linkCode(desk: HttpDesk, token: string): Promise<string> {
  const { status, body } = await desk.call('POST', '/v1/sign-in-links', { token, body: {} })
  expect([status, body.url]).toEqual([200, expect.stringContaining(`${inboxOrigin}/inbox/sign-in#ln_`)])
  return body.url.split('#')[1]
}

export function openLink(app: FastifyInstance, code: string, headers: Record<string, string> = {}) {
  return app.inject({
    method: 'POST',
    url: '/inbox/sign-in/link',
    headers: { origin: inboxOrigin, 'sec-fetch-site': 'same-origin', 'content-type': 'application/json', ...headers },
    payload: JSON.stringify({ code }),
  })
}

/** Signs in by a link, as the page does. */
export async function signIn(desk: HttpDesk, token: string, app = desk.app): Promise<Browser> {
  const answer = await openLink(app, await linkCode(desk, token))
  expect(answer.statusCode).toBe(200)
  const cookie = String(answer.headers['set-cookie']).split(';')[0] as string
  const me = await app.inject({ method: 'GET', url: '/v1/me', headers: { cookie, 'sec-fetch-site': 'same-origin' } })
  expect(me.statusCode).toBe(200)
  return { cookie, csrf: me.json().csrf }
}

/** The same person, signed in since `minutes` ago: sign-ins are only ever added. */
export async function signedInFor(desk: Pick<HttpDesk, 'plane'>, cookie: string, minutes: number): Promise<Browser> {
  const secret = mintSecret('si', 'acme')
  const { rowCount } = await desk.plane.pool.of('acme').query(
    `insert into sign_ins (tenant, id, secret_hash, principal, credential, way, signed_in_at, ends_at)
     select tenant, id || $3, $2, principal, credential, 'oidc', now() - make_interval(mins => $3::int), ends_at
     from sign_ins where secret_hash = $1`,
    [hashToken(cookie.split('=')[1] as string), hashToken(secret), String(minutes)],
  )
  expect(rowCount).toBe(1)
  return { cookie: `exq_sign_in=${secret}`, csrf: csrfTokenOf(secret) }
}

/** The headers of a page of the inbox that changes something; what is undefined is left out. */
export function fromInbox({ cookie, csrf }: Browser, changes: Record<string, string | undefined> = {}) {
  const all = { cookie, 'x-exequatur-csrf': csrf, origin: inboxOrigin, 'sec-fetch-site': 'same-origin', ...changes }
  return Object.fromEntries(Object.entries(all).filter((each): each is [string, string] => each[1] !== undefined))
}
