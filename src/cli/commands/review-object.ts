import { apiCommand, type CliCommand } from '../cli-command.js'
import type { ConnectionOptions } from '../connection.js'
import { exitCodes } from '../exit-codes.js'
import type { Run } from '../session.js'
import { renderAction } from '../show-action.js'

type Options = ConnectionOptions & { readonly reason: string }

export function reviewObject(run: Run): CliCommand {
  return apiCommand('object <action>', 'Object to what was done. It undoes nothing: the objection stays in the record.')
    .completing({ action: 'reviews' })
    .requiredOption('--reason <text>', 'What is wrong with it.')
    .example('exq review object act_2b7q3m5x6z4n2b7q3m5x6z4n2b --reason "The customer was refunded by hand."')
    .action(
      run(async (session, id: string, { reason, ...options }: Options) => {
        const action = await session.api(options).reviewAction(id, { verdict: 'objected', reason })
        session.output.show(action, renderAction)
        return exitCodes.ok.code
      }),
    )
}
