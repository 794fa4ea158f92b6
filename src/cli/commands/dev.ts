import { existsSync } from 'node:fs'
import type { Stack } from '../../dev/stack-types.js'
import { ExequaturError } from '../../domain/errors.js'
import { type CliCommand, dataCommand } from '../cli-command.js'
import { type DevJson, devJsonPath, homeOf, readDevJson, writeDevJson } from '../dev-json.js'
import { exitCodes } from '../exit-codes.js'
import { type ConfigOptions, configPath } from '../policy-sources.js'
import type { Run, Session } from '../session.js'
import { untilInterrupted } from '../until-interrupted.js'

export function dev(run: Run): CliCommand {
  return dataCommand('dev', 'Start everything on this machine for a configuration, until Ctrl-C.')
    .option('--config <path>', 'The configuration; else EXEQUATUR_CONFIG, else exequatur.config.ts here.')
    .example('exq dev')
    .action(
      run(async (session, options: ConfigOptions) => {
        const { terminal, output } = session
        const config = configPath(options, terminal)
        if (!existsSync(config)) throw new ExequaturError('EXQ-7001', `${config} does not exist`)
        const { startStack } = await import('../../dev/stack.js')
        await untilInterrupted(async (signal) => {
          const say = (line: string) => output.say(line)
          const stack = await startStack({ home: homeOf(terminal), config, say, signal })
          noteStack(session, stack)
          return { end: () => stack.stop(), ended: Promise.race([stack.server.exited, stack.executor.exited]) }
        })
        return exitCodes.ok.code
      }),
    )
}

/** Writes down where everything is, for later commands and for whoever looks. Tokens that are known stay. */
function noteStack({ terminal, output }: Session, stack: Stack): void {
  const path = devJsonPath(terminal)
  const { address, namespace, ui } = stack.temporal
  const note: DevJson = {
    ...readDevJson(path),
    api: stack.api,
    temporal: { address, namespace, ui: ui ?? null },
    database_url: stack.databaseUrl,
  }
  writeDevJson(path, note)
  output.show({ home: stack.home, api: stack.api, temporal: note.temporal }, ({ api, temporal }, paint) =>
    [
      `${paint.dim('API        ')} ${api}`,
      ...(temporal?.ui ? [`${paint.dim('Temporal UI')} ${temporal.ui}`] : []),
    ].join('\n'),
  )
  output.say('Next, in another terminal: `exq person create <name> --tenant <tenant>`, `exq agent create <name> ...`.')
  output.say('Ctrl-C ends everything.')
}
