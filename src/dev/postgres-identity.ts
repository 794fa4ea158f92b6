import { spawnSync } from 'node:child_process'
import type { Say } from './say.js'

/** The system user Postgres runs as: itself where this process is not root, else an unprivileged one. */
export type PostgresIdentity = { readonly uid?: number; readonly gid?: number }

const user = 'postgres'

/** Postgres refuses to run as root, so root runs it as the user `postgres`, which is created if it is missing. */
export function findPostgresIdentity(say: Say): PostgresIdentity {
  if (process.getuid?.() !== 0) return {}
  const present = lookUp()
  if (present !== undefined) return present
  say(`Creating the system user "${user}": this is root, and Postgres does not run as root`)
  const made =
    succeeds('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/bin/false', user]) ||
    (succeeds('addgroup', ['-S', user]) && succeeds('adduser', ['-S', '-D', '-H', '-G', user, user]))
  const created = made ? lookUp() : undefined
  if (created === undefined) {
    throw new Error(
      `Postgres does not run as root, and the user "${user}" could not be created. Set DATABASE_URL instead.`,
    )
  }
  return created
}

/** Whether the identity may enter the folder. */
export function canEnter(folder: string, identity: PostgresIdentity): boolean {
  if (identity.uid === undefined) return true
  return spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { ...identity, cwd: '/' }).status === 0
}

function lookUp(): { uid: number; gid: number } | undefined {
  const [uid, gid] = ['-u', '-g'].map((flag) => spawnSync('id', [flag, user], { encoding: 'utf8' }))
  if (uid?.status !== 0 || gid?.status !== 0) return undefined
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) }
}

function succeeds(command: string, args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0
}
