import type { LoadedConfig } from '../config/load-config.js'
import type { Contract } from '../domain/contract.js'
import type { PolicyFiles } from '../policy/policy-set.js'
import { type ConfigOptions, configPath } from './config-path.js'
import type { Terminal } from './terminal.js'

/** What an adopter's configuration says about policy. */
export interface PolicySources {
  readonly config: LoadedConfig
  readonly contracts: readonly Contract[]
  readonly files: PolicyFiles
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
