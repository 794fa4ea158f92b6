import { type CliCommand, command } from '../cli-command.js'
import { exitCodes } from '../exit-codes.js'
import type { Run } from '../session.js'

export function executor(run: Run): CliCommand {
  return command('executor', 'Run the tools of one pool until SIGTERM; settings come from the environment.')
    .example('EXEQUATUR_POOL=payments exq executor')
    .action(
      run(async () => {
        const { runExecutor } = await import('../../executor.js')
        await runExecutor()
        return exitCodes.ok.code
      }),
    )
}
