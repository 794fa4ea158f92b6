import { resolve } from 'node:path'
import type { LoadedConfig } from '../config/load-config.js'
import type { Contract } from '../domain/contract.js'
import type { PolicyFiles } from '../policy/policy-set.js'
import type { Terminal } from './terminal.js'

/** What an adopter's configuration says about policy. */
export interface PolicySources {
  readonly config: LoadedConfig
  readonly contracts: readonly Contract[]
  readonly files: PolicyFiles
}

export interface ConfigOptions {
  readonly config?: string
}

/** The configuration file: the one named, else EXEQUATUR_CONFIG, else `exequatur.config.ts` here. */
export function configPath({ config }: ConfigOptions, { env, cwd }: Pick<Terminal, 'env' | 'cwd'>): string {
  return resolve(cwd, config || env.EXEQUATUR_CONFIG || 'exequatur.config.ts')
}

/** Loads configuration, tools and policy files. Throws `EXQ-7001` and `EXQ-7005`. */
export async function readPolicySources(options: ConfigOptions, terminal: Terminal): Promise<PolicySources> {
  const [{ loadConfig }, { readPolicyFiles }] = await Promise.all([
    import('../config/load-config.js'),
    import('../policy/policy-files.js'),
  ])
  const config = await loadConfig(configPath(options, terminal))
  const tools = await config.tools()
  return { config, contracts: tools.map(({ contract }) => contract), files: await readPolicyFiles(config.policies) }
}
