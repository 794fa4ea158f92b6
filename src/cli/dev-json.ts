import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { ExequaturError } from '../domain/errors.js'
import { isObject } from '../domain/json.js'
import type { Terminal } from './terminal.js'

/** What a stack on this machine writes down for the CLI; it holds tokens. */
export interface DevJson {
  readonly api?: string
  readonly temporal?: { readonly address: string; readonly namespace: string; readonly ui?: string | null }
  readonly database_url?: string
  readonly tokens?: {
    readonly agents?: Readonly<Record<string, string>>
    readonly people?: Readonly<Record<string, string>>
  }
}

/** The data folder of the stack on this machine. */
export function homeOf({ env, cwd }: Pick<Terminal, 'env' | 'cwd'>): string {
  return resolve(cwd, env.EXEQUATUR_HOME || '.exequatur')
}

export function devJsonPath(terminal: Pick<Terminal, 'env' | 'cwd'>): string {
  return join(homeOf(terminal), 'dev.json')
}

/** Reads `dev.json`; null where there is none. Throws `EXQ-7001` for one that cannot be understood. */
export function readDevJson(path: string): DevJson | null {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
  try {
    const value: unknown = JSON.parse(text)
    if (isObject(value)) return value as DevJson
  } catch {}
  throw new ExequaturError('EXQ-7001', `${path} is not a JSON object: start the stack again, or remove it`)
}

/** Writes `dev.json` for its owner only, in one piece. */
export function writeDevJson(path: string, content: DevJson): void {
  writeFileSync(`${path}.new`, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 })
  renameSync(`${path}.new`, path)
}
