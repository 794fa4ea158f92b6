import { ExequaturError } from '../../domain/errors.js'
import { type CliCommand, dataCommand, several } from '../cli-command.js'
import { type ConfigOptions, configPath } from '../config-path.js'
import { homeOf } from '../dev-json.js'
import { exitCodes } from '../exit-codes.js'
import type { Run } from '../session.js'
import { renderLine, renderVerifyEnd } from '../show-verify-report.js'

type Options = ConfigOptions & { readonly only?: readonly string[] }

export function verify(run: Run): CliCommand {
  return dataCommand(
    'verify',
    'Try the guarantees on your own configuration, policies and tools: in a scratch stack, against the test downstreams of `checks`.',
  )
    .option('--config <path>', 'The configuration; else EXEQUATUR_CONFIG, else exequatur.config.ts here.')
    .option('--only <guarantee>', 'One guarantee alone, as G3; may be given several times.', several)
    .example('exq verify')
    .action(
      run(async ({ terminal, output }, options: Options) => {
        const [{ loadConfig }, { verify }] = await Promise.all([
          import('../../config/load-config.js'),
          import('../../verify/verify.js'),
        ])
        const config = await loadConfig(configPath(options, terminal))
        const trying = () => output.status('Trying the guarantees ...')
        trying()
        const report = await verify(config, homeOf(terminal), {
          say: (line) => {
            output.say(line)
            trying()
          },
          ...(options.only && { only: options.only }),
          // As JSON there is one report, at the end.
          progress: (line) => {
            if (output.json) return
            output.showEach(line, renderLine)
            trying()
          },
        }).finally(() => output.status(null))
        output.show(report, renderVerifyEnd)
        const { failed } = report
        if (failed.length > 0) throw new ExequaturError('EXQ-7014', failed.map(({ name }) => name).join('; '))
        return exitCodes.ok.code
      }),
    )
}
