import type { LoadedConfig } from '../config/load-config.js'
import type { Scratch, ToolChecks } from '../contract/tool-checks.js'
import { ExequaturError } from '../domain/errors.js'
import { checkTool, type ToolReport } from '../testing/index.js'

/** What `exq tools check` found. */
export interface ToolsReport {
  readonly tools: readonly ToolReport[]
  /** Tools that the checks of the configuration leave out. */
  readonly not_checked: readonly string[]
}

/** Opens the checks of a configuration. Throws `EXQ-7010` where it has none. */
export async function openChecks(config: LoadedConfig, scratch: Scratch): Promise<ToolChecks> {
  if (!config.checks) throw new ExequaturError('EXQ-7010', config.file)
  return config.checks(scratch)
}

/** Checks every tool of a configuration, or those of one name, one after another. Throws `EXQ-7010` and `EXQ-7011`. */
export async function checkTools(
  config: LoadedConfig,
  scratch: Scratch,
  name: string | undefined,
  progress: (tool: string) => void,
): Promise<ToolsReport> {
  // Before the checks start anything.
  const all = config.checks ? await config.tools() : []
  const wanted = all.filter(({ contract }) => name === undefined || contract.name === name)
  const checks = await openChecks(config, scratch)
  try {
    if (wanted.length === 0) throw new ExequaturError('EXQ-7011', `${config.file} has no tool ${name ?? 'at all'}`)
    const unknown = Object.keys(checks.tools).find((each) => !all.some(({ contract }) => contract.name === each))
    if (unknown) throw new ExequaturError('EXQ-7011', `checks name ${unknown}, which is none of the tools`)
    const tools: ToolReport[] = []
    for (const tool of wanted) {
      const check = checks.tools[tool.contract.name]
      if (!check) continue
      progress(tool.contract.name)
      tools.push(await checkTool(tool, check))
    }
    const not_checked = wanted.map(({ contract }) => contract.name).filter((each) => !checks.tools[each])
    return { tools, not_checked }
  } finally {
    await checks.close?.()
  }
}
