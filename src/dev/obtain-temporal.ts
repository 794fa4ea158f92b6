import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { buildTemporal } from './build-temporal.js'
import { downloadTemporal } from './download-temporal.js'
import { tryLock } from './file-lock.js'
import { findCommand, isExecutableFile } from './find-command.js'
import type { Say } from './say.js'

const run = promisify(execFile)

export type ObtainTemporalOptions = {
  /** The data folder; the binary is kept in its `bin`. */
  readonly home: string
  readonly say: Say
  /** Aborting it ends a build or a download. */
  readonly signal?: AbortSignal | undefined
}

/**
 * The path of a Temporal CLI, which holds the real server: one on PATH, the one kept in the data folder, else one that is
 * built there with Go (once, 2 to 4 minutes), else one the Temporal SDK downloads. Rejects with what to do if all fail.
 */
export async function obtainTemporal({ home, say, signal }: ObtainTemporalOptions): Promise<string> {
  const installed = findCommand('temporal')
  if (installed !== undefined && (await isTemporal(installed))) return installed

  const kept = join(home, 'bin', process.platform === 'win32' ? 'temporal.exe' : 'temporal')
  if (isExecutableFile(kept)) return kept

  const lock = await waitForLock(`${kept}.lock`, say, signal)
  try {
    if (isExecutableFile(kept)) return kept
    await makeTemporal(kept, say, signal)
    return kept
  } finally {
    lock.release()
  }
}

async function makeTemporal(target: string, say: Say, signal: AbortSignal | undefined): Promise<void> {
  const problems: string[] = []
  const go = findCommand('go', ['/usr/local/go/bin', '/opt/homebrew/bin'])
  if (go === undefined) {
    problems.push('Building it needs Go 1.25 or later, and there is no `go` on PATH.')
  } else {
    try {
      return await buildTemporal({ go, target, say, signal })
    } catch (error) {
      signal?.throwIfAborted()
      problems.push((error as Error).message)
      say('Building the Temporal server did not work; trying the download of the Temporal SDK')
    }
  }
  try {
    return await downloadTemporal({ target, say, signal })
  } catch (error) {
    signal?.throwIfAborted()
    problems.push(`The download failed: ${(error as Error).message}`)
  }
  throw new Error(
    [
      'There is no Temporal server to start, and none could be made.',
      ...problems,
      'Do one of these: install the Temporal CLI (https://docs.temporal.io/cli) so that `temporal` is on PATH;',
      `put its binary at ${target}; install Go 1.25; or set EXEQUATUR_TEMPORAL_ADDRESS to a server of yours.`,
    ].join('\n'),
  )
}

// Some other program could be called `temporal`.
async function isTemporal(binary: string): Promise<boolean> {
  try {
    const { stdout } = await run(binary, ['--version'], { timeout: 10_000 })
    return /^temporal version/i.test(stdout)
  } catch {
    return false
  }
}

async function waitForLock(file: string, say: Say, signal: AbortSignal | undefined): Promise<{ release: () => void }> {
  for (let waited = 0; ; waited++) {
    const attempt = tryLock(file)
    if ('release' in attempt) return attempt
    if (waited % 20 === 0) say(`Waiting for process ${attempt.heldBy.pid}, which is building the Temporal server`)
    await sleep(500, undefined, { signal })
  }
}
