import { createPrivateKey, createPublicKey } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createAuthorities } from '../../src/identity/authority.js'
import { hashToken } from '../../src/identity/token.js'
import { emptyDatabase, freshDatabase, type TestDatabase } from '../_util/database.js'
import { exq, folderWith } from './cli-run.js'

describe('people and agents', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await freshDatabase()
  })
  afterAll(() => database.drop())

  const run = (...argv: string[]) => exq(argv, { env: { DATABASE_URL: database.ownerUrl } })
  const authority = async () => {
    const present = await createAuthorities(database.serverPool, []).current('acme')
    if (!present) throw new Error('there is no tenant acme')
    return present
  }

  test('are created with a token that is written once, alone', async () => {
    const { code, stdout, stderr } = await run(
      ...'person create fin --tenant acme --group finance --group support'.split(' '),
    )
    expect(code).toBe(0)
    expect(stdout).toMatch(/^exq_acme_\S{43}\n$/)
    expect(stderr).not.toContain(stdout.trim())
    const present = await authority()
    expect(present.holderOf(hashToken(stdout.trim()))?.principal).toBe('person:fin')
    expect([...present.groupsOf('person:fin')].sort()).toEqual(['finance', 'support'])
  })

  test('may be named with their kind, and an agent has an owner', async () => {
    const argv = 'agent create agent:desk --tenant acme --owner fin --environment prod -o json'
    const { code, stdout } = await run(...argv.split(' '))
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ principal: 'agent:desk', tenant: 'acme', token: expect.any(String) })
    expect((await authority()).principal('agent:desk')).toMatchObject({ owner: 'person:fin', environment: 'prod' })
  })

  test.each([
    ['person create fin --tenant acme', 1, 'EXQ-2003'],
    ['agent create other --tenant acme --owner nobody', 1, 'EXQ-2004'],
    ['agent create other --tenant acme', 2, 'EXQ-7007'],
    ['agent revoke other --tenant acme', 1, 'EXQ-2004'],
  ])('`%s` exits with %i', async (line, code, error) => {
    const ran = await run(...line.split(' '))
    expect({ code: ran.code, stdout: ran.stdout }).toEqual({ code, stdout: '' })
    expect(ran.stderr).toMatch(new RegExp(`^${error} `))
  })

  test('are cut off', async () => {
    for (const kind of ['agent', 'person']) {
      const name = kind === 'agent' ? 'desk' : 'fin'
      const { code, stdout } = await run(kind, 'revoke', name, '--tenant', 'acme')
      expect({ code, stdout }).toEqual({ code: 0, stdout: `${kind}:${name} of acme is revoked.\n` })
      expect((await authority()).principal(`${kind}:${name}`)?.state).toBe('revoked')
    }
  })
})

describe('a database', () => {
  test('is migrated, as often as one likes; before that it is told to be', async () => {
    const { ownerUrl, drop } = await emptyDatabase()
    const env = { DATABASE_URL: ownerUrl }
    const create = () => exq(['person', 'create', 'fin', '--tenant', 'acme'], { env })
    const early = await create()
    expect(early.code).toBe(1)
    expect(early.stderr).toMatch(/^EXQ-7001 .*holds no ledger yet: run `exq migrate`/)
    for (const _ of [1, 2]) expect((await exq(['migrate'], { env })).code).toBe(0)
    expect((await create()).code).toBe(0)
    await drop()
  })

  test('that is not there is EXQ-7004, without the password', async () => {
    const env = { DATABASE_URL: 'postgres://someone:secret@127.0.0.1:1/exequatur' }
    for (const argv of [['migrate'], ['person', 'revoke', 'fin', '--tenant', 'acme']]) {
      const { code, stderr } = await exq(argv, { env })
      expect(code).toBe(1)
      expect(stderr).toMatch(/^EXQ-7004 Postgres cannot be reached: 127\.0\.0\.1:1\/exequatur: /)
      expect(stderr).not.toContain('secret')
    }
  })

  test('is that of the stack on this machine where none is named', async () => {
    const folder = folderWith({ 'dev.json': { database_url: 'postgres://127.0.0.1:1/of-the-stack' } })
    const { stderr } = await exq(['migrate'], { env: { EXEQUATUR_HOME: folder.path } })
    folder.remove()
    expect(stderr).toContain('127.0.0.1:1/of-the-stack')
    expect((await exq(['migrate'])).stderr).toMatch(/^EXQ-7001 .*DATABASE_URL is not set/)
  })
})

test('server-key create writes a key pair for its owner only, and never over another', async () => {
  const folder = folderWith({})
  const create = () => exq(['server-key', 'create', 'keys', '-o', 'json'], { cwd: folder.path })
  const { code, stdout } = await create()
  const { signing_key, verify_key } = JSON.parse(stdout)
  expect(code).toBe(0)
  expect(signing_key).toBe(join(folder.path, 'keys', 'signing-key.pem'))
  for (const file of [signing_key, verify_key]) expect(statSync(file).mode & 0o777).toBe(0o600)
  const derived = createPublicKey(createPrivateKey(readFileSync(signing_key))).export({ type: 'spki', format: 'pem' })
  expect(readFileSync(verify_key, 'utf8')).toBe(derived)
  expect(createPublicKey(derived).asymmetricKeyType).toBe('ed25519')
  const again = await create()
  expect({ code: again.code, stdout: again.stdout }).toEqual({ code: 2, stdout: '' })
  expect(JSON.parse(again.stderr).detail).toMatch(/signing-key\.pem exists already/)
  folder.remove()
})
