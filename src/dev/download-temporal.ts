import { spawn } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { packageRoot } from '../package-root.js'
import { temporalVersion } from './build-temporal.js'
import type { Say } from './say.js'

const patience = 180_000

// In a process of its own: the Temporal runtime it loads takes over the signals of whoever loads it.
const script = `
  import { TestWorkflowEnvironment } from '@temporalio/testing'
  const [downloadDir, version] = process.argv.slice(1)
  const server = { executable: { type: 'cached-download', downloadDir, version } }
  const environment = await TestWorkflowEnvironment.createLocal({ server })
  await environment.teardown()
`

/** Lets the Temporal SDK download the CLI of the pinned release and moves it to the target. Needs the open internet. */
export async function downloadTemporal(options: {
  target: string
  say: Say
  signal?: AbortSignal | undefined
}): Promise<void> {
  const { target, say, signal } = options
  say(`Downloading the Temporal server ${temporalVersion} with the Temporal SDK`)
  const folder = `${target}.download`
  mkdirSync(folder, { recursive: true })
  try {
    await runScript([folder, `v${temporalVersion}`], signal)
    const binary = largestFile(folder)
    if (binary === undefined) throw new Error('the Temporal SDK left no file')
    chmodSync(binary, 0o755)
    mkdirSync(dirname(target), { recursive: true })
    renameSync(binary, target)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function runScript(args: string[], signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', script, ...args], {
      cwd: packageRoot,
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: patience,
      signal,
    })
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-4_000)
    })
    child.once('error', reject)
    child.once('close', (code, signal) => {
      if (code === 0) return resolve()
      const reason = said.split('\n').find((line) => /error/i.test(line)) ?? `it ended with ${signal ?? code}`
      reject(
        new Error(
          reason
            .trim()
            .replace(/^\[?(\w*Error: )?/, '')
            .replace(/\]$/, ''),
        ),
      )
    })
  })
}

function largestFile(folder: string): string | undefined {
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .sort((one, other) => statSync(other).size - statSync(one).size)[0]
}
