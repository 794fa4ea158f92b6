import { spawn } from 'node:child_process'
import { resolve } from 'node:path'

const longestBuildMs = 240_000

/** Builds a copied tree. Rejects where that fails. */
export async function buildTree(at: string): Promise<void> {
  for (const args of [
    ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'],
    ['dist/src/temporal/build-bundle.js'],
  ]) {
    const { code, said } = await runIn(at, args, longestBuildMs)
    if (code !== 0) throw new Error(`${args.join(' ')} failed: ${said.slice(-1_000)}`)
  }
}

/** Runs node in a copied tree, with the binaries and databases of the original; one that takes too long is ended. */
export function runIn(
  at: string,
  args: readonly string[],
  longestMs: number,
): Promise<{ readonly code: number | null; readonly said: string }> {
  const env = { ...process.env, EXEQUATUR_HOME: resolve(process.env.EXEQUATUR_HOME || '.exequatur') }
  const child = spawn(process.execPath, args, { cwd: at, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += text))
  const timers = [
    setTimeout(() => child.kill('SIGTERM'), longestMs),
    setTimeout(() => child.kill('SIGKILL'), longestMs + 20_000),
  ]
  return new Promise((done, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      timers.forEach(clearTimeout)
      done({ code, said })
    })
  })
}
