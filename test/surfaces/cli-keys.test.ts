import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { usualSurfaceRules } from '../../src/domain/surface-rules.js'
import { newKey } from '../_util/person-key.js'
import { exq } from './cli-run.js'
import { cancellation, type HttpDesk, openHttpDesk } from './http-desk.js'

// Nobody sits at a test.
const surfaceRules = { ...usualSurfaceRules, unaskedUpTo: 'critical' } as const

let desk: HttpDesk
let api: string
let home: string
let asked = 0
beforeAll(async () => {
  desk = await openHttpDesk()
  const server = await desk.serve({ ...desk.plane, surfaceRules })
  api = await server.listen({ port: 0, host: '127.0.0.1' })
  home = mkdtempSync(join(tmpdir(), 'exequatur-keys-'))
})
afterAll(async () => {
  await desk.close()
  rmSync(home, { recursive: true })
})

const run = (line: string, token = desk.tokens.bob) =>
  exq(line.split(' '), { env: { EXEQUATUR_API: api, EXEQUATUR_TOKEN: token, HOME: home } })

async function ask(): Promise<string> {
  asked += 1
  return desk.askPeople((await desk.submit(cancellation(`cli-${asked}`))).body)
}

const votesOf = async (id: string) =>
  (await desk.call('GET', `/v1/approvals/${id}`, { token: desk.tokens.bob })).body.votes

describe('exq key', () => {
  test('before there is one, votes are vouched for by the server', async () => {
    const id = await ask()
    expect((await run(`approve ${id}`)).code).toBe(0)
    expect(await votesOf(id)).toMatchObject([{ method: 'cli', counts: true }])
  })

  test('create keeps the private half on this machine, for its owner only, and registers the public one', async () => {
    const { code, stdout, stderr } = await run('key create -o json')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const made = JSON.parse(stdout)
    expect(made).toMatchObject({ principal: 'person:bob', key_id: expect.stringMatching(/^ed25519:[0-9a-f]{16}$/) })
    expect(made.file.startsWith(join(home, '.config', 'exequatur'))).toBe(true)
    expect(statSync(made.file).mode & 0o777).toBe(0o600)
    const secret = readFileSync(made.file, 'utf8')
    expect(secret).toContain('PRIVATE KEY')
    const inner = secret.split('\n')[1] as string
    expect(stdout).not.toContain(inner)
    expect(desk.logged.join()).not.toContain(inner)
  })

  test('from then on approve, withdraw and reject sign', async () => {
    const id = await ask()
    expect((await run(`approve ${id} --reason Seen.`)).code).toBe(0)
    expect((await run(`withdraw ${id}`)).code).toBe(0)
    const rejected = await run(`reject ${id} --reason No.`)
    expect(rejected.stdout).toBe(`reject recorded on ${id}: rejected\n`)
    expect(await votesOf(id)).toMatchObject([
      { vote: 'approve', method: 'key', reason: 'Seen.', counts: false },
      { vote: 'withdraw', method: 'key' },
      { vote: 'reject', method: 'key', counts: true },
    ])
    const late = await run(`withdraw ${id}`)
    expect(late.code).toBe(1)
    expect(late.stderr).toMatch(/EXQ-4005 /)
  })

  test('does not sign for another person of this machine', async () => {
    const id = await ask()
    const { stderr } = await run(`approve ${id}`, desk.tokens.eve)
    expect(stderr).toMatch(/EXQ-4003 /)
    expect((await run('key list', desk.tokens.eve)).stdout).toContain('No key is registered')
  })

  test('endorse signs for a passkey of the person, and for nothing while nobody says that it is theirs', async () => {
    const publicKey = newKey().public_key
    const unsure = await run(`key endorse ${publicKey}`)
    expect({ code: unsure.code, stdout: unsure.stdout }).toEqual({ code: 1, stdout: '' })
    expect(unsure.stderr).toContain('will decide as person:bob')
    const { stdout } = await run(`key endorse ${publicKey} --yes -o json`)
    const { items } = JSON.parse((await run('key list -o json')).stdout)
    expect(JSON.parse(stdout)).toEqual({ key_id: items[0].key_id, signature: expect.stringMatching(/^[\w-]{86}$/) })
    const strange = await run('key endorse ../x --yes')
    expect(strange).toMatchObject({ code: 2, stdout: '' })
    expect((await run(`key endorse ${publicKey} --yes`, desk.tokens.eve)).stderr).toMatch(/EXQ-4013 /)
  })

  test('list says which is here, and revoke ends it', async () => {
    const { items } = JSON.parse((await run('key list -o json')).stdout)
    expect(items).toMatchObject([{ here: true, principal: 'person:bob' }])
    const { stdout } = await run(`key revoke ${items[0].key_id}`)
    expect(stdout).toBe(`${items[0].key_id} is revoked.\n`)
    const id = await ask()
    await run(`approve ${id}`)
    expect(await votesOf(id)).toMatchObject([{ method: 'cli' }])
  })

  test('create leaves nothing behind where it is refused', async () => {
    const before = readdirSync(join(home, '.config', 'exequatur', 'own-keys'))
    const { code, stderr } = await run('key create', desk.tokens.desk)
    expect({ code, told: /^EXQ-2002 /.test(stderr) }).toEqual({ code: 1, told: true })
    expect(readdirSync(join(home, '.config', 'exequatur', 'own-keys'))).toEqual(before)
  })
})

test('a deployment of one person is told loudly what it does', async () => {
  const alone = await desk.serve({ ...desk.plane, surfaceRules, people: 'one' })
  const url = await alone.listen({ port: 0, host: '127.0.0.1' })
  const id = await ask()
  const { code, stderr } = await exq(['approve', id], {
    env: { EXEQUATUR_API: url, EXEQUATUR_TOKEN: desk.tokens.ann, HOME: home },
  })
  await alone.close()
  expect(code).toBe(0)
  expect(stderr).toContain('SELF-APPROVED')
})
