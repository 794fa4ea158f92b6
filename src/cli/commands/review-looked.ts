import { apiCommand, type CliCommand } from '../cli-command.js'
import type { ConnectionOptions } from '../connection.js'
import { exitCodes } from '../exit-codes.js'
import type { Run } from '../session.js'
import { renderAction } from '../show-action.js'

type Options = ConnectionOptions & { readonly reason?: string }

export function reviewLooked(run: Run): CliCommand {
  return apiCommand('looked <action>', 'Say that you looked an action over, and found nothing wrong with it.')
    .completing({ action: 'reviews' })
    .option('--reason <text>', 'What you have to say about it; it stays in the record.')
    .example('exq review looked act_2b7q3m5x6z4n2b7q3m5x6z4n2b')
    .action(
      run(async (session, id: string, { reason, ...options }: Options) => {
        const action = await session.api(options).reviewAction(id, { verdict: 'looked-at', reason })
        session.output.show(action, renderAction)
        return exitCodes.ok.code
      }),
    )
}
