import type { Stack } from '../../dev/stack-types.js'
import { type CliCommand, dataCommand } from '../cli-command.js'
import { type ConfigOptions, configPath } from '../config-path.js'
import { devJsonPath, homeOf, readDevJson } from '../dev-json.js'
import { exitCodes } from '../exit-codes.js'
import type { Run, Session } from '../session.js'
import { untilInterrupted } from '../until-interrupted.js'

export function dev(run: Run): CliCommand {
  return dataCommand('dev', 'Start everything on this machine for a configuration, until Ctrl-C.')
    .option('--config <path>', 'The configuration; else EXEQUATUR_CONFIG, else exequatur.config.ts here.')
    .example('exq dev')
    .leadsTo('exq person create <name> --tenant <tenant>', 'somebody who decides')
    .leadsTo('exq agent create <name> --tenant <tenant> --owner <person>', 'somebody who asks')
    .action(
      run(async (session, options: ConfigOptions) => {
        const { terminal, output } = session
        const config = configPath(options, terminal)
        const { startStack } = await import('../../dev/stack.js')
        await untilInterrupted(async (signal) => {
          const say = (line: string) => output.say(line)
          const stack = await startStack({ home: homeOf(terminal), config, say, signal })
          await noteStack(session, stack)
          return { end: () => stack.stop(), ended: Promise.race([stack.server.exited, stack.executor.exited]) }
        })
        return exitCodes.ok.code
      }),
    )
}

/** Writes down where everything is, for later commands and for whoever looks. Tokens that are known stay. */
async function noteStack({ terminal, output }: Session, stack: Stack): Promise<void> {
  const { writeDevFile } = await import('../../dev/dev-file.js')
  const { address, namespace, ui } = stack.temporal
  const place = { api: stack.api, temporal: { address, namespace, ui } }
  await writeDevFile(stack.home, {
    downstreams: {},
    tokens: { agents: {}, people: {} },
    ...readDevJson(devJsonPath(terminal)),
    ...place,
    database_url: stack.databaseUrl,
  })
  output.show({ home: stack.home, ...place }, ({ api, temporal }, paint) =>
    [`${paint.dim('API        ')} ${api}`, ...(temporal.ui ? [`${paint.dim('Temporal UI')} ${temporal.ui}`] : [])].join(
      '\n',
    ),
  )
  output.say('Next, in another terminal: `exq person create <name> --tenant <tenant>`, `exq agent create <name> ...`.')
  output.say('Ctrl-C ends everything.')
}
