import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { delimiter, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client, Connection } from '@temporalio/client'
import { NativeConnection } from '@temporalio/worker'
import { expect, onTestFinished, test, vi } from 'vitest'
import { obtainTemporal } from '../../src/dev/obtain-temporal.js'
import { freePort, twoFreePorts } from '../../src/dev/ports.js'
import { markProcess } from '../../src/dev/processes.js'
import { startTemporal, type TemporalOptions, type TemporalServer } from '../../src/dev/temporal-server.js'
import { packageRoot } from '../../src/package-root.js'
import { registerSearchAttributes } from '../../src/temporal/register-search-attributes.js'
import { remember, temporaryHome } from './temporary-home.js'

const keptHome = resolve(process.env.EXEQUATUR_HOME ?? fileURLToPath(new URL('.exequatur', packageRoot)))
const binary = await obtainTemporal({ home: keptHome, say: (line) => console.error(line) })

test('a server answers when it has started, keeps workflows over a restart, and is gone when it has stopped', async () => {
  const home = temporaryHome()
  const first = await start(home, await ownPorts())
  await vi.waitFor(() => startWorkflow(first, {}), 60_000)
  await first.stop()
  expect(markProcess(first.pid)).toBeUndefined()

  const second = await start(home)
  expect(second.address).toBe(first.address)
  expect(second.ui).toBe(first.ui)
  const connection = await NativeConnection.connect({ address: second.address })
  await registerSearchAttributes(connection, second.namespace)
  await registerSearchAttributes(connection, second.namespace)
  await connection.close()
  await vi.waitFor(() => startWorkflow(second, { ExqTenant: ['acme'], ExqTool: ['one', 'two'] }), 60_000)
  const description = await withClient(second, (client) => client.workflow.getHandle('workflow-').describe())
  expect(description.status.name).toBe('RUNNING')
})

test('the web UI is served', async () => {
  const { ui } = await start(temporaryHome(), await ownPorts())
  expect((await fetch(ui)).status).toBe(200)
})

test('ports that are taken are replaced', async () => {
  const port = await freePort()
  const server = createServer().listen(port, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const { address } = await start(temporaryHome(), { ...(await ownPorts()), port })
  expect(address).not.toBe(`127.0.0.1:${port}`)
})

test('a server whose parent was killed is taken over by the next start, but not while the parent lives', async () => {
  const home = temporaryHome()
  const script = fileURLToPath(new URL('fixtures/start-temporal.ts', import.meta.url))
  const args = ['--import', 'tsx', script, binary, home]
  const parent = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(parent.stdout.setEncoding('utf8'), 'data')) as [string]
  const pid = Number(line)

  const sharing = await start(home)
  expect(sharing.pid).toBe(pid)
  await sharing.stop()
  expect(markProcess(pid), 'another living process owns it').toBeDefined()

  parent.kill('SIGKILL')
  await once(parent, 'exit')
  const { say, lines } = remember()
  const taken = await start(home, { say })
  expect(taken.pid).toBe(pid)
  expect(lines.join()).toContain('Reusing the Temporal server that is still running')
  await taken.stop()
  expect(markProcess(pid)).toBeUndefined()
})

/** Only where the system tells; elsewhere it is taken for stopped at once. */
function isStopped(pid: number): boolean {
  if (process.platform !== 'linux') return true
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  return stat.slice(stat.lastIndexOf(')') + 2).startsWith('T')
}

test('a server that hangs is replaced', async () => {
  const home = temporaryHome()
  const hanging = await start(home, await ownPorts())
  process.kill(hanging.pid, 'SIGSTOP')
  await vi.waitUntil(() => isStopped(hanging.pid), 10_000)
  const { say, lines } = remember()
  const { pid } = await start(home, { say })
  expect(pid).not.toBe(hanging.pid)
  expect(lines.join()).toContain('no longer answers')
})

test('a program that is not the Temporal server is an error that says what it said', async () => {
  const impostor = join(temporaryHome(), 'temporal')
  writeFileSync(impostor, '#!/bin/sh\necho "unknown command $1" >&2\nexit 2\n')
  chmodSync(impostor, 0o755)
  await expect(start(temporaryHome(), { binary: impostor })).rejects.toThrow(/exit 2\)[\s\S]*unknown command server/)
})

/** The Temporal server, but that its first try ends as it makes its database. */
function failingOnce(folder: string): string {
  const [program, tried] = [join(folder, 'temporal'), join(folder, 'tried')]
  const fails = `touch '${tried}'; echo half > "$db"; echo 'failed setting up schema: disk I/O error' >&2; exit 1`
  const script = [
    '#!/bin/sh',
    'for arg; do [ "$last" = --db-filename ] && db="$arg"; last="$arg"; done',
    `[ -e '${tried}' ] || { ${fails}; }`,
    `exec '${binary}' "$@"`,
  ]
  writeFileSync(program, script.join('\n'), { mode: 0o755 })
  return program
}

test('a database that was only half made is made again', async () => {
  const home = temporaryHome()
  const server = await start(home, { ...(await ownPorts()), binary: failingOnce(temporaryHome()) })
  await vi.waitFor(() => startWorkflow(server, {}), 60_000)
  expect(readdirSync(join(home, 'temporal'))).not.toContain('unproven')
})

test('a database that a server has answered with is kept, whatever becomes of a later start', async () => {
  const home = temporaryHome()
  const server = await start(home, await ownPorts())
  await server.stop()
  const database = join(home, 'temporal', 'temporal.db')
  await expect(start(home, { binary: failingOnce(temporaryHome()) })).rejects.toThrow('failed setting up schema')
  expect(readFileSync(database, 'utf8')).toBe('half\n')
})

test('a temporal on PATH comes first if it is one, then the one kept in the data folder', async () => {
  const [home, folder] = [temporaryHome(), temporaryHome()]
  const [kept, installed] = [join(home, 'bin', 'temporal'), join(folder, 'temporal')]
  mkdirSync(join(home, 'bin'))
  vi.stubEnv('PATH', `${folder}${delimiter}/usr/bin${delimiter}/bin`)
  onTestFinished(() => void vi.unstubAllEnvs())
  const { say } = remember()
  for (const [path, says] of [
    [kept, 'temporal version 0'],
    [installed, 'something else'],
  ] as const) {
    writeFileSync(path, `#!/bin/sh\necho "${says}"\n`)
    chmodSync(path, 0o755)
  }
  expect(await obtainTemporal({ home, say })).toBe(kept)
  writeFileSync(installed, '#!/bin/sh\necho "temporal version 1.5.1 (Server 1.29.1)"\n')
  expect(await obtainTemporal({ home, say })).toBe(installed)
})

test('a build that fails is reported with what Go said and with what to do', async () => {
  const [home, folder] = [temporaryHome(), temporaryHome()]
  writeFileSync(join(folder, 'go'), '#!/bin/sh\necho "go: the network is down" >&2\nexit 1\n')
  chmodSync(join(folder, 'go'), 0o755)
  vi.stubEnv('PATH', `${folder}${delimiter}/usr/bin${delimiter}/bin`)
  // Nothing is downloaded in a test: the address leads nowhere.
  vi.stubEnv('HTTPS_PROXY', 'http://127.0.0.1:1')
  onTestFinished(() => void vi.unstubAllEnvs())
  const { say, lines } = remember()
  const failed = obtainTemporal({ home, say })
  await expect(failed).rejects.toThrow(/go: the network is down[\s\S]*EXEQUATUR_TEMPORAL_ADDRESS/)
  expect(lines[0]).toContain('2 to 4 minutes')
  expect(existsSync(join(home, 'bin', 'temporal.lock'))).toBe(false)
})

/** Not those that every server prefers. */
async function ownPorts() {
  const [port, uiPort] = await twoFreePorts()
  return { port, uiPort }
}

async function start(home: string, changes: Partial<TemporalOptions> = {}): Promise<TemporalServer> {
  const server = await startTemporal({ binary, home, say: () => {}, ...changes })
  onTestFinished(() => server.stop())
  return server
}

async function startWorkflow(server: TemporalServer, searchAttributes: Record<string, string[]>): Promise<void> {
  const workflowId = `workflow-${Object.keys(searchAttributes).join()}`
  await withClient(server, (client) =>
    client.workflow.start('anything', { taskQueue: 'nobody', workflowId, searchAttributes }),
  )
}

async function withClient<Result>(server: TemporalServer, work: (client: Client) => Promise<Result>): Promise<Result> {
  const connection = await Connection.connect({ address: server.address })
  try {
    return await work(new Client({ connection }))
  } finally {
    await connection.close()
  }
}
