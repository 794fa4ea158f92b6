import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { packageRoot } from '../../src/package-root.js'

const driver = fileURLToPath(new URL('./fixtures/in-terminal.py', import.meta.url))
const tsx = fileURLToPath(new URL('node_modules/tsx/dist/loader.mjs', packageRoot))
const main = fileURLToPath(new URL('src/cli/main.ts', packageRoot))

/** Is there a program of that name on this machine? */
export function isHere(program: string): boolean {
  return spawnSync(program, ['--version']).status === 0
}

/** What starts the CLI of this clone. */
export const exqArgv: readonly string[] = [process.execPath, '--import', pathToFileURL(tsx).href, main]

/** A folder with `exq` in it, to be put on a PATH. */
export function folderOfExq(): string {
  const folder = mkdtempSync(join(tmpdir(), 'exequatur-bin-'))
  const file = join(folder, 'exq')
  writeFileSync(file, `#!/bin/sh\nexec ${exqArgv.map((word) => `'${word}'`).join(' ')} "$@"\n`)
  chmodSync(file, 0o755)
  return folder
}

export interface InTerminal {
  /** All that was written so far, with what moves the cursor and paints. */
  readonly written: () => string
  /** Resolves to what was written since the last call once that shows the text; rejects after a time. */
  shows(text: string | RegExp): Promise<string>
  type(keys: string): void
  readonly exited: Promise<number>
  /** Ends it, if it has not ended. */
  end(): Promise<void>
}

export interface Size {
  readonly rows?: number
  readonly columns?: number
  readonly env?: NodeJS.ProcessEnv
}

/** Runs a program in a real terminal, of 100 columns and 30 rows. */
export function inTerminal(argv: readonly string[], { rows = 30, columns = 100, env = {} }: Size = {}): InTerminal {
  const { PATH, HOME } = process.env
  const child: ChildProcessWithoutNullStreams = spawn('python3', [driver, String(rows), String(columns), ...argv], {
    env: { PATH, HOME, TERM: 'xterm-256color', LANG: 'C.UTF-8', ...env },
  })
  let written = ''
  let from = 0
  let look: () => void = () => undefined
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    written += text
    look()
  })
  child.stderr.on('data', (text) => {
    written += String(text)
  })
  const exited = new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? 1)))
  return {
    written: () => written,
    exited,
    type: (keys) => child.stdin.write(keys),
    shows: (wanted) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(
          () => reject(new Error(`no ${wanted} in what follows:\n${JSON.stringify(written.slice(from))}`)),
          20_000,
        )
        look = () => {
          const fresh = written.slice(from)
          const plain = withoutEscapes(fresh)
          if (typeof wanted === 'string' ? !plain.includes(wanted) : !wanted.test(plain)) return
          clearTimeout(timer)
          look = () => undefined
          from = written.length
          resolve(plain)
        }
        look()
      }),
    end: async () => {
      child.kill()
      await exited
    },
  }
}

/** As it would be read, without colours and moves. */
function withoutEscapes(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escapes begin with one
  return text.replace(/\u001b(\[[0-9;?>]*[A-Za-z]|\][^\u0007]*(\u0007|\u001b\\)|[()=>][0-9A-Za-z]?)/g, '')
}
