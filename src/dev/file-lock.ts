import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { isRunning, ownMark, type ProcessMark } from './processes.js'

/** Either the lock, to be released, or the living process that holds it. */
export type LockAttempt = { readonly release: () => void } | { readonly heldBy: ProcessMark }

/** Tries to take the lock file for this process. A lock whose holder has died is taken over. */
export function tryLock(file: string): LockAttempt {
  mkdirSync(dirname(file), { recursive: true })
  for (let attempt = 0; attempt < 3; attempt++) {
    if (createLock(file)) return { release: () => rmSync(file, { force: true }) }
    const holder = readHolder(file)
    if (holder !== undefined && isRunning(holder)) return { heldBy: holder }
    rmSync(file, { force: true })
  }
  throw new Error(`Could not take the lock ${file}`)
}

// Linking a finished file into place keeps others from ever reading a lock that is not written yet.
function createLock(file: string): boolean {
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, JSON.stringify(ownMark()), { mode: 0o600 })
  try {
    linkSync(draft, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

function readHolder(file: string): ProcessMark | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ProcessMark
  } catch {
    return undefined
  }
}
