import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { cliError } from './cli-error.js'
import type { Terminal } from './terminal.js'

export interface ConfigOptions {
  readonly config?: string
}

/** The configuration file: the one named, else EXEQUATUR_CONFIG, else `exequatur.config.ts` here. Throws `EXQ-7001`. */
export function configPath({ config }: ConfigOptions, { env, cwd }: Pick<Terminal, 'env' | 'cwd'>): string {
  const path = resolve(cwd, config || env.EXEQUATUR_CONFIG || 'exequatur.config.ts')
  if (existsSync(path)) return path
  throw cliError('EXQ-7001', `${path} does not exist`, 'Name it with `--config` or EXEQUATUR_CONFIG.')
}
