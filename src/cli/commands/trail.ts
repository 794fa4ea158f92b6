import { apiCommand, type CliCommand } from '../cli-command.js'
import type { ConnectionOptions } from '../connection.js'
import { exitCodes } from '../exit-codes.js'
import type { Run } from '../session.js'
import { renderTrail } from '../show-trail.js'

export function trail(run: Run): CliCommand {
  return apiCommand('trail <action>', 'Tell the story of an action: every decision, vote, attempt and outcome.')
    .completing({ action: 'actions' })
    .example('exq trail act_2b7q3m5x6z4n2b7q3m5x6z4n2b')
    .leadsTo('exq replay <action>', 'replay its history')
    .action(
      run(async (session, id: string, options: ConnectionOptions) => {
        session.output.show(await session.api(options).trail(id), renderTrail)
        return exitCodes.ok.code
      }),
    )
}
