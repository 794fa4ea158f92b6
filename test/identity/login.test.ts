import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { runCli } from '../../src/cli/run-cli.js'
import { linkAccount } from '../../src/control-plane/accounts.js'
import { usualSurfaceRules } from '../../src/domain/surface-rules.js'
import { createAccessTokens } from '../../src/identity/access-tokens.js'
import { exq, folderWith } from '../surfaces/cli-run.js'
import { cancellation, type HttpDesk, openHttpDesk } from '../surfaces/http-desk.js'
import { audience, browse, type OidcIssuer, startIssuer } from './oidc-issuer.js'

let desk: HttpDesk
let oidc: OidcIssuer
let api: string
let home: ReturnType<typeof folderWith>

// Nobody sits at a test.
const surfaceRules = { ...usualSurfaceRules, unaskedUpTo: 'critical' } as const

beforeAll(async () => {
  desk = await openHttpDesk()
  oidc = await startIssuer([])
  const accessTokens = createAccessTokens([
    { issuer: oidc.issuer, audience, tenant: 'acme', scopes: { decide: 'decide' } },
  ])
  api = await (await desk.serve({ ...desk.plane, accessTokens, surfaceRules })).listen({ host: '127.0.0.1', port: 0 })
  await linkAccount(desk.plane, {
    tenant: 'acme',
    principal: 'person:bob',
    issuer: oidc.issuer,
    subject: 'bob-1',
    by: 'test',
  })
})
afterAll(async () => {
  await oidc.close()
  await desk.close()
})
beforeEach(() => {
  home = folderWith({})
})
afterEach(() => home.remove())

const env = () => ({ EXEQUATUR_HOME: home.path, EXEQUATUR_API: api })
const line = () => ['login', '--issuer', oidc.issuer, '--client-id', 'desk-cli', '--audience', audience]

/** `exq login`, with somebody at the browser who does as the address says; `meddle` changes what the browser brings back. */
async function logIn(subject: string, meddle = (callback: URL) => callback, argv = line()) {
  const written = { stdout: '', stderr: '' }
  let browsing: Promise<unknown> | undefined
  const stderr = {
    write: (text: string) => {
      written.stderr += text
      const address = /http:\S+\/auth\?\S+/.exec(text)?.[0]
      if (address) browsing = comeBack(`${address}&login_hint=${subject}`)
    },
  }
  const comeBack = async (address: string) => {
    const callback = new URL(await browse(address, new URL(address).searchParams.get('redirect_uri') ?? ''))
    return fetch(meddle(callback))
  }
  const stdout = {
    write: (text: string) => {
      written.stdout += text
    },
  }
  const code = await runCli(argv, { env: env(), cwd: home.path, stdin: Readable.from(['']), stdout, stderr })
  await browsing
  return { code, ...written }
}

describe('a person', () => {
  test('signs in with a browser, and decides as who they are', async () => {
    const { body } = await desk.submit(cancellation('by-login'))
    const approval = await desk.askPeople(body)
    const { code, stdout, stderr } = await logIn('bob-1')
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining(`Signed in at ${api}/ until`) })
    const file = join(home.path, 'login.json')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const { access_token } = JSON.parse(readFileSync(file, 'utf8'))
    expect(stdout + stderr).not.toContain(access_token)
    const decided = await exq(['approve', approval, '--reason', 'fine', '--yes'], { env: env() })
    expect(decided).toMatchObject({ code: 0 })
    const view = await desk.call('GET', `/v1/approvals/${approval}`, { token: desk.tokens.ann })
    expect(view.body.votes).toEqual([expect.objectContaining({ approver: 'person:bob', vote: 'approve' })])
  })

  test('signs out, and is nobody again', async () => {
    await logIn('bob-1')
    expect((await exq(['inbox'], { env: env() })).code).toBe(0)
    expect((await exq(['logout'], { env: env() })).stdout).toBe('Signed out.\n')
    expect((await exq(['inbox'], { env: env() })).stderr).toMatch(/^EXQ-2001 /)
    expect((await exq(['logout'], { env: env() })).stdout).toBe('Nobody was signed in.\n')
  })

  test('names the issuer once: from then on `exq login` is enough', async () => {
    expect((await exq(['login'], { env: env() })).stderr).toMatch(
      /^EXQ-7007 .*--issuer.*\nNext: See `exq login --help`/,
    )
    await logIn('bob-1')
    const file = join(home.path, 'login.json')
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), ends_at: 1 }))
    expect((await exq(['inbox'], { env: env() })).stderr).toMatch(/^EXQ-2012 /)
    expect((await logIn('bob-1', undefined, ['login'])).code).toBe(0)
    expect((await exq(['inbox'], { env: env() })).code).toBe(0)
  })

  test('is signed in at one server only: no other is sent the token', async () => {
    await logIn('bob-1')
    const elsewhere = await exq(['inbox'], { env: { ...env(), EXEQUATUR_API: 'http://127.0.0.1:1' } })
    expect(elsewhere.stderr).toMatch(/^EXQ-2001 /)
  })

  test('is told when the sign-in has ended', async () => {
    const ended = { api: `${api}/`, issuer: oidc.issuer, access_token: 'a.b.c', ends_at: 1 }
    const old = folderWith({ 'login.json': ended })
    const { code, stderr } = await exq(['inbox'], { env: { ...env(), EXEQUATUR_HOME: old.path } })
    expect({ code, stderr }).toEqual({ code: 10, stderr: expect.stringMatching(/^EXQ-2012 .*\n.*exq login/) })
    old.remove()
  })

  test('is not signed in by an answer of another issuer', async () => {
    const { code, stderr } = await logIn('bob-1', (callback) => {
      callback.searchParams.set('iss', 'https://elsewhere.test')
      return callback
    })
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('EXQ-2020') })
  })

  test('is not signed in by an answer that nobody asked for: the right one still is taken', async () => {
    const strangers: Promise<Response>[] = []
    const { code } = await logIn('bob-1', (callback) => {
      const stranger = new URL(callback)
      stranger.searchParams.set('state', 'guessed')
      strangers.push(fetch(stranger))
      return callback
    })
    expect(code).toBe(0)
    for (const stranger of strangers) expect((await stranger).status).toBe(404)
  })

  test('is told that the issuer does not answer', async () => {
    const argv = ['login', '--issuer', 'http://127.0.0.1:1', '--client-id', 'x', '--audience', 'x']
    expect((await exq(argv, { env: env() })).stderr).toMatch(/^EXQ-2020 /)
  })
})
