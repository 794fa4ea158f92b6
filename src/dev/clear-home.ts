import { rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { endPostmaster } from './postmaster.js'
import { endProcess, isRunning, type ProcessMark } from './processes.js'
import { isOwnedByAnother, readRecord } from './service-record.js'

const services: readonly [file: string, end: (mark: ProcessMark) => Promise<unknown>][] = [
  ['postgres.json', endPostmaster],
  [join('temporal', 'server.json'), (mark) => endProcess(mark, [['SIGKILL', 5_000]])],
]

/**
 * Removes a data folder. The services that an earlier, killed stack left running on it are ended first: they would go on
 * writing there. Rejects, and removes nothing, where a living stack has them.
 */
export async function clearHome(folder: string): Promise<void> {
  const home = resolve(folder)
  const left = services.flatMap(([file, end]) => {
    const record = readRecord(join(home, file))
    return record && isRunning(record.service) ? [{ record, end }] : []
  })
  for (const { record } of left)
    if (isOwnedByAnother(record))
      throw new Error(`A stack still runs in ${home} (process ${record.owner.pid}). Stop it first.`)
  for (const { record, end } of left) await end(record.service)
  // What ends may still write a last line.
  await rm(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 500 })
}
