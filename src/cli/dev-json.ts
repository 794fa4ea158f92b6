import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { DevFile } from '../dev/dev-file.js'
import { ExequaturError } from '../domain/errors.js'
import { isObject } from '../domain/json.js'
import type { Terminal } from './terminal.js'

/** What a stack on this machine wrote down for the CLI; a file that people can edit. */
export type DevJson = Partial<DevFile>

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
