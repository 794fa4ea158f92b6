import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { tryLock } from './file-lock.js'
import { obtainKeys } from './keys.js'
import { StackEnding } from './stack-ending.js'
import { sharedEnvironment, startDatabase, startExecutor, startOrFindTemporal, startServer } from './stack-parts.js'
import type { Stack, StackOptions } from './stack-types.js'

/**
 * Starts everything on this machine: Postgres (unless DATABASE_URL is set), the Temporal server (unless
 * EXEQUATUR_TEMPORAL_ADDRESS is set), then the server and the executor as processes of their own. Resolves when all are
 * ready. When a part fails, those already started are ended, and the promise rejects with the reason.
 */
export async function startStack(given: StackOptions): Promise<Stack> {
  const home = resolve(given.home)
  const options = { ...given, home }
  const ending = new StackEnding()
  mkdirSync(home, { recursive: true })
  const lock = tryLock(join(home, 'stack.lock'))
  if ('heldBy' in lock) {
    throw new Error(`A stack already runs in ${home} (process ${lock.heldBy.pid}). Stop it, or set EXEQUATUR_HOME.`)
  }
  ending.add('lock', lock.release)
  try {
    return await startParts(options, ending)
  } catch (error) {
    await ending.run().catch(() => {})
    throw error
  }
}

async function startParts(options: StackOptions, ending: StackEnding): Promise<Stack> {
  const { home, signal } = options
  const keys = obtainKeys(home)
  const [database, temporal] = await both(startDatabase(options, ending), startOrFindTemporal(options, ending))
  signal?.throwIfAborted()
  const shared = sharedEnvironment(options, temporal)
  const serverOwn = { DATABASE_URL: database.serverUrl, EXEQUATUR_SIGNING_KEY_FILE: keys.signing }
  const executorOwn = { DATABASE_URL: database.executorUrl, EXEQUATUR_VERIFY_KEY_FILE: keys.verify }
  const [server, executor] = await both(
    startServer(options, { ...shared, ...serverOwn }, ending),
    startExecutor(options, { ...shared, ...executorOwn }, database.ownerUrl, ending),
  )
  signal?.throwIfAborted()
  const api = server.ready.url
  if (api === undefined) throw new Error('The server did not say where it listens')
  await untilReady(api, signal)
  return { home, api, temporal, databaseUrl: database.ownerUrl, server, executor, stop: () => ending.run() }
}

const readyWithinMs = 30_000

/** The server listens before the executor has published its tools: ready is when the policies are in force too. */
async function untilReady(api: string, signal: AbortSignal | undefined): Promise<void> {
  const deadline = performance.now() + readyWithinMs
  for (;;) {
    const answer = await fetch(`${api}/readyz`)
    if (answer.ok) return
    if (performance.now() > deadline) throw new Error(`The server does not get ready: ${await answer.text()}`)
    await pause(50, undefined, { ...(signal && { signal }) })
  }
}

// Waits for both even when one fails: what the other started must be known before everything is ended.
async function both<One, Other>(one: Promise<One>, other: Promise<Other>): Promise<[One, Other]> {
  await Promise.allSettled([one, other])
  return Promise.all([one, other])
}
