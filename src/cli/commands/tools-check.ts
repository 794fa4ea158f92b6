import { ExequaturError } from '../../domain/errors.js'
import type { ToolsReport } from '../../verify/check-tools.js'
import { type CliCommand, dataCommand } from '../cli-command.js'
import { type ConfigOptions, configPath } from '../config-path.js'
import { homeOf } from '../dev-json.js'
import { exitCodes } from '../exit-codes.js'
import type { Run } from '../session.js'
import { renderToolsReport } from '../show-tool-report.js'

export function toolsCheck(run: Run): CliCommand {
  return dataCommand(
    'check [name]',
    'Try on every tool, with its real code, what its contract promises: against the test downstreams of `checks`.',
  )
    .option('--config <path>', 'The configuration; else EXEQUATUR_CONFIG, else exequatur.config.ts here.')
    .example('exq tools check refund_invoice')
    .action(
      run(async ({ terminal, output }, name: string | undefined, options: ConfigOptions) => {
        const [{ loadConfig }, { openScratch }, { checkTools }] = await Promise.all([
          import('../../config/load-config.js'),
          import('../../dev/scratch.js'),
          import('../../verify/check-tools.js'),
        ])
        const config = await loadConfig(configPath(options, terminal))
        const scratch = openScratch(homeOf(terminal), (line) => output.say(line))
        let report: ToolsReport
        try {
          report = await checkTools(config, scratch, name, (tool) => output.status(`Checking ${tool} ...`))
        } finally {
          await scratch.close()
        }
        output.show(report, renderToolsReport)
        const failed = report.tools.filter(({ failed }) => failed.length > 0).map(({ tool }) => tool)
        if (failed.length > 0) throw new ExequaturError('EXQ-7012', failed.join(', '))
        if (report.not_checked.length > 0) throw new ExequaturError('EXQ-7013', report.not_checked.join(', '))
        return exitCodes.ok.code
      }),
    )
}
