import { type CliCommand, command } from '../cli-command.js'
import { exitCodes } from '../exit-codes.js'
import type { Run } from '../session.js'

export function server(run: Run): CliCommand {
  return command('server', 'Run the API and the decision worker until SIGTERM; settings come from the environment.')
    .example('exq server')
    .action(
      run(async () => {
        const { runServer } = await import('../../server.js')
        await runServer()
        return exitCodes.ok.code
      }),
    )
}
