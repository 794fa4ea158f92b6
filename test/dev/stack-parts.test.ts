import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto'
import { readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { expect, onTestFinished, test, vi } from 'vitest'
import { executorEnvironment, plainEnvironment, serverEnvironment } from '../../src/dev/child-environment.js'
import { createDatabaseUsers } from '../../src/dev/database-users.js'
import { tryLock } from '../../src/dev/file-lock.js'
import { obtainKeys } from '../../src/dev/keys.js'
import { startPostgres } from '../../src/dev/postgres.js'
import { StackEnding } from '../../src/dev/stack-ending.js'
import { temporaryHome } from './temporary-home.js'

test('parts end in the order of what uses what, once, and one that fails keeps no other from ending', async () => {
  const ending = new StackEnding()
  const ended: string[] = []
  for (const part of ['lock', 'postgres', 'temporal', 'executor', 'server'] as const) {
    ending.add(part, () => {
      ended.push(part)
      if (part === 'temporal') throw new Error('temporal does not end')
    })
  }
  await expect(Promise.all([ending.run(), ending.run()])).rejects.toThrow('temporal does not end')
  expect(ended).toEqual(['server', 'executor', 'temporal', 'postgres', 'lock'])
})

test('the keys stay the same, fit each other, and can be read by their owner only', () => {
  const home = temporaryHome()
  const files = obtainKeys(home)
  const kept = readFileSync(files.signing, 'utf8')
  rmSync(files.verify)
  obtainKeys(home)
  expect(readFileSync(files.signing, 'utf8')).toBe(kept)
  const signature = sign(null, Buffer.from('text'), createPrivateKey(kept))
  expect(verify(null, Buffer.from('text'), createPublicKey(readFileSync(files.verify)), signature)).toBe(true)
  expect([files.signing, files.verify].map((file) => statSync(file).mode & 0o777)).toEqual([0o600, 0o600])
})

test('only the executor gets the credentials of tools, and only the server the key that signs and the tokens of Slack', () => {
  const names = ['STRIPE_API_KEY', 'EXEQUATUR_SIGNING_KEY_FILE', 'SLACK_APP_TOKEN', 'EXEQUATUR_TOKEN', 'DATABASE_URL']
  for (const name of names) vi.stubEnv(name, 'secret')
  onTestFinished(() => void vi.unstubAllEnvs())
  const secrets = (env: NodeJS.ProcessEnv) => names.filter((name) => env[name] !== undefined)
  expect(secrets(executorEnvironment())).toEqual(['STRIPE_API_KEY'])
  expect(secrets(serverEnvironment())).toEqual(['EXEQUATUR_SIGNING_KEY_FILE', 'SLACK_APP_TOKEN'])
  expect(secrets(plainEnvironment())).toEqual([])
  expect(plainEnvironment().PATH).toBe(process.env.PATH)
})

test('a lock is held by one, and is free again when it is released or its holder has died', () => {
  const file = join(temporaryHome(), 'stack.lock')
  const first = tryLock(file)
  expect(tryLock(file)).toEqual({ heldBy: expect.objectContaining({ pid: process.pid }) })
  if ('release' in first) first.release()
  expect(tryLock(file)).toHaveProperty('release')
})

test('server and executor log in as members of their roles, with passwords that change with each start', async () => {
  const postgres = await startPostgres({ home: temporaryHome(), say: () => {} })
  onTestFinished(() => postgres.stop())
  await query(postgres.url, 'create role exq_server; create role exq_executor')
  const old = await createDatabaseUsers(postgres.url)
  const users = await createDatabaseUsers(postgres.url)
  const whoami = `select current_user as name, pg_has_role('exq_server', 'member') as server,
                         pg_has_role('exq_executor', 'member') as executor`
  expect(await query(users.serverUrl, whoami)).toEqual([{ name: 'exequatur_server', server: true, executor: false }])
  expect(await query(users.executorUrl, whoami)).toEqual([
    { name: 'exequatur_executor', server: false, executor: true },
  ])
  await expect(query(old.serverUrl, 'select')).rejects.toThrow('password authentication failed')
})

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  try {
    await client.connect()
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}
