import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { plainEnvironment } from './child-environment.js'
import type { PostgresBinaries } from './postgres-binaries.js'
import type { PostgresIdentity } from './postgres-identity.js'

/** The superuser of the cluster. */
export const superuser = 'postgres'

/** Makes a cluster whose superuser has the password. It appears at the path whole or not at all. */
export async function createCluster(options: {
  data: string
  password: string
  binaries: PostgresBinaries
  identity: PostgresIdentity
}): Promise<void> {
  const { data, password, binaries, identity } = options
  const draft = `${data}.new`
  rmSync(draft, { recursive: true, force: true })
  mkdirSync(draft, { recursive: true, mode: 0o700 })
  const secrets = mkdtempSync(join(tmpdir(), 'exequatur-initdb-'))
  const passwordFile = join(secrets, 'password')
  try {
    writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 })
    for (const path of [draft, secrets, passwordFile]) giveTo(path, identity)
    await runInitdb(binaries.initdb, identity, [
      `--pgdata=${draft}`,
      `--username=${superuser}`,
      `--pwfile=${passwordFile}`,
      // The same order of strings on every machine, whatever its locales.
      ...['--auth=scram-sha-256', '--encoding=UTF8', '--locale=C'],
      ...(binaries.major >= 17 ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'] : []),
    ])
    mkdirSync(dirname(data), { recursive: true })
    renameSync(draft, data)
  } finally {
    rmSync(secrets, { recursive: true, force: true })
  }
}

/** The password of the cluster's superuser, made and kept in the file (mode 0600) if there is none. */
export function obtainPassword(file: string): { password: string; isNew: boolean } {
  if (existsSync(file)) return { password: readFileSync(file, 'utf8').trim(), isNew: false }
  const password = randomBytes(24).toString('hex')
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(`${file}.new`, `${password}\n`, { mode: 0o600 })
  renameSync(`${file}.new`, file)
  return { password, isNew: true }
}

/** The major version that made the cluster, or undefined when there is no cluster at the path. */
export function clusterVersion(data: string): number | undefined {
  const file = join(data, 'PG_VERSION')
  return existsSync(file) ? Number(readFileSync(file, 'utf8')) : undefined
}

function giveTo(path: string, { uid, gid }: PostgresIdentity): void {
  if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid)
}

function runInitdb(initdb: string, identity: PostgresIdentity, args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(initdb, args, {
      ...identity,
      cwd: '/',
      env: { ...plainEnvironment(), LC_ALL: 'C' },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
    child.once('error', (error) => reject(new Error(`initdb could not be started: ${error.message}`)))
    child.once('close', (code, signal) => {
      if (code === 0) resolve()
      else reject(new Error(`Postgres could not make its data folder (${signal ?? `exit ${code}`}):\n${said.trim()}`))
    })
  })
}
