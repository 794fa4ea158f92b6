import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { endProcess, markProcess, type ProcessMark } from './processes.js'

/** A living Postgres server on a data folder, as its `postmaster.pid` tells. */
export type Postmaster = { readonly mark: ProcessMark; readonly port: number }

/**
 * The server that lives on the data folder, or undefined. The file of a server that died is removed when its pid has
 * since gone to another program: Postgres itself would then refuse to start.
 */
export function findPostmaster(data: string): Postmaster | undefined {
  const file = join(data, 'postmaster.pid')
  const lines = readLines(file)
  const mark = markProcess(Number(lines[0]))
  if (lines.length === 0 || mark === undefined) return undefined
  if (/postgres/.test(programOf(mark.pid))) return { mark, port: Number(lines[3]) }
  rmSync(file, { force: true })
  return undefined
}

/** Whether a living server on the data folder has its port and lets clients in, as its `postmaster.pid` tells. */
export function isReady(data: string): boolean {
  return findPostmaster(data) !== undefined && readLines(join(data, 'postmaster.pid'))[7]?.trim() === 'ready'
}

/** Ends the server in order: open sessions are ended, a checkpoint is written. */
export async function endPostmaster(mark: ProcessMark): Promise<void> {
  // SIGINT is Postgres' "fast" shutdown, SIGQUIT its "immediate" one, which leaves recovery to the next start.
  const gone = await endProcess(mark, [
    ['SIGINT', 15_000],
    ['SIGQUIT', 5_000],
  ])
  if (!gone) throw new Error(`Postgres (process ${mark.pid}) does not end`)
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n')
  } catch {
    return []
  }
}

function programOf(pid: number): string {
  if (process.platform === 'linux') {
    try {
      return readFileSync(`/proc/${pid}/comm`, 'utf8')
    } catch {
      return ''
    }
  }
  return spawnSync('ps', ['-o', 'comm=', '-p', String(pid)], { encoding: 'utf8' }).stdout ?? ''
}
