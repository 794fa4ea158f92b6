import { crashPointProblem } from '../crash-point.js'
import { ExequaturError } from '../domain/errors.js'
import { readEnv, type Setting, type SettingName, settings } from './env.js'
import { type LoadedConfig, loadConfig } from './load-config.js'

/** What a process runs with: the environment, checked, and the adopter's configuration. */
export interface ProcessConfig {
  readonly env: (name: SettingName) => string
  readonly optional: (name: SettingName) => string | undefined
  readonly deployment: LoadedConfig
}

/** Reads environment and configuration file once. Throws `EXQ-7001` with everything that is missing. */
export async function readConfig(process: 'server' | 'executor'): Promise<ProcessConfig> {
  const values = readEnv()
  const missing = (Object.entries(settings) as [SettingName, Setting][])
    .filter(([name, { by, required }]) => required && by.includes(process) && !values[name])
    .map(([name, { meaning }]) => `${name} is not set: ${meaning}`)
  const deadly = crashPointProblem()
  if (deadly) throw new ExequaturError('EXQ-7001', deadly)
  if (missing.length > 0) throw new ExequaturError('EXQ-7001', missing.join(' '))
  return {
    env: (name) => {
      const value = values[name]
      if (value === undefined) throw new ExequaturError('EXQ-7001', `${name} is not set: ${settings[name].meaning}`)
      return value
    },
    optional: (name) => values[name],
    deployment: await loadConfig(values.EXEQUATUR_CONFIG as string),
  }
}
