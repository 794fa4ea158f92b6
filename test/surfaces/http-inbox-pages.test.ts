import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type HttpDesk, openHttpDesk } from './http-desk.js'

let desk: HttpDesk
let folder: string
let app: FastifyInstance
beforeAll(async () => {
  desk = await openHttpDesk()
  folder = await mkdtemp(join(tmpdir(), 'exequatur-inbox-'))
  await mkdir(join(folder, 'inbox/assets'), { recursive: true })
  await writeFile(join(folder, 'secret.txt'), 'not of the inbox')
  await writeFile(join(folder, 'inbox/index.html'), '<!doctype html><title>Inbox</title>')
  await writeFile(join(folder, 'inbox/icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>')
  await writeFile(join(folder, 'inbox/assets/main-1a2b3c.js'), 'export {}')
  app = await desk.serve(desk.plane, { inboxFolder: join(folder, 'inbox') })
})
afterAll(async () => {
  await app.close()
  await desk.close()
  await rm(folder, { recursive: true })
})

const get = (url: string) => app.inject({ method: 'GET', url })

describe('the pages of the inbox', () => {
  test.each(['/inbox', '/inbox/', '/inbox/approvals/apr_1', '/inbox/sign-in', '/inbox?to=x'])(
    'are one page, for whoever asks: %s',
    async (url) => {
      const answer = await get(url)
      expect(answer.statusCode).toBe(200)
      expect(answer.body).toContain('<title>Inbox</title>')
      expect(answer.headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' })
    },
  )

  test('come with what their names say', async () => {
    expect((await get('/inbox/assets/main-1a2b3c.js')).headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
    })
    expect((await get('/inbox/icon.svg')).headers).toMatchObject({
      'content-type': 'image/svg+xml',
      'cache-control': 'no-store',
    })
  })

  test.each([
    '/inbox/none.js',
    '/inbox/assets/none-1.js',
    '/inbox/../secret.txt',
    '/inbox/..%2fsecret.txt',
    '/inbox/%2e%2e/secret.txt',
    '/inbox/assets/..%2f..%2f..%2fsecret.txt',
    '/inbox//etc/passwd.txt',
  ])('are all that is served: not %s', async (url) => {
    const answer = await get(url)
    expect(answer.statusCode).toBe(404)
    expect(answer.json().code).toBe('EXQ-1005')
  })

  test.each([
    '/inbox',
    '/inbox/approvals/apr_1',
    '/inbox/assets/main-1a2b3c.js',
    '/inbox/none.js',
    '/inbox/sign-in/ways',
    '/inbox/sign-in/oidc?issuer=0',
    '/inbox/sign-in/callback?code=x&state=y',
    '/v1/me',
    '/healthz',
    '/openapi.json',
    '/nothing',
  ])('and every other answer may be framed by nobody, and run nothing of strangers: %s', async (url) => {
    const { headers } = await get(url)
    expect(headers).toMatchObject({
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'permissions-policy': expect.stringContaining('publickey-credentials-get=(self)'),
      'content-security-policy': expect.stringMatching(/^default-src 'none';.*frame-ancestors 'none'/),
    })
    expect(headers['content-security-policy']).not.toMatch(/unsafe|\*|https?:/)
    expect(headers).not.toHaveProperty('strict-transport-security')
  })

  test('load scripts and styles from here alone, and talk to nobody else', async () => {
    const policy = String((await get('/inbox')).headers['content-security-policy']).split('; ')
    expect(policy).toEqual([
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self' data:",
      "connect-src 'self'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
      "form-action 'self'",
    ])
  })

  test('say how to get them where they were not built', async () => {
    const bare = await desk.serve(desk.plane, { inboxFolder: join(folder, 'nowhere') })
    const answer = await bare.inject({ method: 'GET', url: '/inbox' })
    expect(answer.statusCode).toBe(503)
    expect(answer.headers).toMatchObject({ 'x-frame-options': 'DENY', 'content-type': 'text/html; charset=utf-8' })
    expect(answer.body).toContain('npm run build')
    expect((await bare.inject({ method: 'GET', url: '/inbox/assets/main.js' })).statusCode).toBe(503)
    await bare.close()
  })
})
