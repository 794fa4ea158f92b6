import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { runCli } from '../../src/cli/run-cli.js'
import type { Terminal } from '../../src/cli/terminal.js'
import { progress } from '../_util/told-page.js'

export interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export interface Around {
  readonly env?: NodeJS.ProcessEnv
  readonly cwd?: string
  readonly stdin?: string
  /** Standard output and standard error are a terminal. */
  readonly tty?: boolean
  /** Standard error keeps what is said of what takes long, which is another thing on each machine. */
  readonly progress?: boolean
}

/** Runs one command line in this process, as if nobody had set anything in the environment. */
export async function exq(argv: readonly string[], around: Around = {}): Promise<Ran> {
  const written = { stdout: '', stderr: '' }
  const stream = (name: 'stdout' | 'stderr') => ({
    isTTY: around.tty === true,
    write: (text: string) => {
      written[name] += text
    },
  })
  const terminal: Terminal = {
    env: around.env ?? {},
    cwd: around.cwd ?? emptyFolder,
    stdin: Readable.from([around.stdin ?? '']),
    stdout: stream('stdout'),
    stderr: stream('stderr'),
  }
  const code = await runCli(argv, terminal)
  return { code, ...written, ...(!around.progress && { stderr: written.stderr.replaceAll(progress, '') }) }
}

const emptyFolder = join(tmpdir(), 'exequatur-nothing-here')

/** A folder of its own with the given files in it. */
export function folderWith(files: Readonly<Record<string, unknown>>): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'exequatur-cli-'))
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(path, name), typeof content === 'string' ? content : JSON.stringify(content))
  }
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}
