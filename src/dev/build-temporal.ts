import { spawn } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { packageRoot } from '../package-root.js'
import type { Say } from './say.js'

const program = 'github.com/temporalio/cli/cmd/temporal'
const versionVariable = 'github.com/temporalio/cli/temporalcli.Version'
const progressEvery = 5_000

/** The release of the Temporal CLI that the tool module pins. */
export const temporalVersion = '1.5.1'

export type BuildOptions = {
  /** The `go` program. */
  readonly go: string
  /** Where the binary is to be. */
  readonly target: string
  readonly say: Say
  readonly signal?: AbortSignal | undefined
}

/**
 * Builds the Temporal CLI from the pinned tool module (`src/dev/temporal-server`), whose go.sum fixes the digest of every
 * source, and moves the finished binary to the target in one step. Needs the network for what the Go cache lacks.
 */
export async function buildTemporal(options: BuildOptions): Promise<void> {
  const { go, target, say, signal } = options
  say(`Building the Temporal server ${temporalVersion} with Go: once, 2 to 4 minutes, about 250 MB`)
  // A copy, because the package's own folder may be read-only.
  const module = mkdtempSync(join(tmpdir(), 'exequatur-temporal-'))
  const draft = `${target}.${process.pid}`
  try {
    for (const file of ['go.mod', 'go.sum']) {
      copyFileSync(new URL(`src/dev/temporal-server/${file}`, packageRoot), join(module, file))
    }
    mkdirSync(dirname(target), { recursive: true })
    const linking = `-s -w -X ${versionVariable}=${temporalVersion}`
    await runGo({ go, args: ['build', '-v', '-ldflags', linking, '-o', draft, program], cwd: module, say, signal })
    renameSync(draft, target)
  } finally {
    rmSync(draft, { force: true })
    rmSync(module, { recursive: true, force: true })
  }
}

type GoRun = { go: string; args: string[]; cwd: string; say: Say; signal: AbortSignal | undefined }

function runGo({ go, args, cwd, say, signal }: GoRun): Promise<void> {
  const started = Date.now()
  const elapsed = () => `${Math.round((Date.now() - started) / 1000)} s`
  const output = new GoOutput()
  // A workspace file above the temp folder would take the build over, and Go refuses to work without a home.
  const env = { ...process.env, GOWORK: 'off', HOME: process.env.HOME ?? homedir() }
  return new Promise((resolve, reject) => {
    const build = spawn(go, args, { cwd, env, signal, stdio: ['ignore', 'ignore', 'pipe'] })
    const timer = setInterval(
      () => say(`Still building the Temporal server: ${[elapsed(), ...output.progress()].join(', ')}`),
      progressEvery,
    )
    build.stderr.setEncoding('utf8').on('data', (text: string) => output.read(text))
    build.once('error', (error) => {
      clearInterval(timer)
      reject(new Error(`Go could not be started: ${error.message}`))
    })
    build.once('close', (code, signal) => {
      clearInterval(timer)
      if (code === 0) {
        say(`Built the Temporal server in ${elapsed()}`)
        resolve()
      } else {
        reject(new Error(`Go could not build it (${signal ?? `exit ${code}`}):\n${output.complaints()}`))
      }
    })
  })
}

/** Sorts what `go build -v` writes: modules fetched, packages compiled, and everything else, which is what went wrong. */
class GoOutput {
  private rest = ''
  private fetched = 0
  private compiled = 0
  private readonly others: string[] = []

  read(text: string): void {
    const lines = (this.rest + text).split('\n')
    this.rest = lines.pop() ?? ''
    for (const line of lines) {
      if (line.startsWith('go: downloading ')) this.fetched++
      else if (/^[\w./~-]+$/.test(line)) this.compiled++
      else if (line.trim() !== '') this.others.push(line)
    }
  }

  progress(): string[] {
    return [
      ...(this.fetched > 0 ? [`${this.fetched} modules fetched`] : []),
      ...(this.compiled > 0 ? [`${this.compiled} packages compiled`] : []),
    ]
  }

  complaints(): string {
    return [...this.others, this.rest]
      .filter(Boolean)
      .slice(-15)
      .map((line) => `  ${line}`)
      .join('\n')
  }
}
