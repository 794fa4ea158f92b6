import { apiCommand, type CliCommand, waitOf, waitOption } from '../cli-command.js'
import type { ConnectionOptions } from '../connection.js'
import { exitCodeOf } from '../exit-codes.js'
import { firstWait, waitForEnding } from '../follow-action.js'
import type { Run } from '../session.js'
import { showAction } from '../show-action.js'

type Options = ConnectionOptions & { readonly wait?: number | true }

export function get(run: Run): CliCommand {
  return apiCommand('get <action>', 'Show an action as it stands; the exit code tells how it ended.')
    .completing({ action: 'actions' })
    .addOption(waitOption())
    .example('exq get act_2b7q3m5x6z4n2b7q3m5x6z4n2b --wait 30 -o json')
    .leadsTo('exq trail <action>', 'the whole story')
    .leadsTo('exq policy explain <action>', 'why it was decided so')
    .action(
      run(async (session, id: string, options: Options) => {
        const api = session.api(options)
        const wait = waitOf(options.wait)
        const deadline = Date.now() + wait * 1_000
        const action = await waitForEnding(
          { api, output: session.output },
          await api.getAction(id, firstWait(wait)),
          deadline,
        )
        showAction(session.output, action, wait > 0)
        return exitCodeOf(action.outcome, wait > 0)
      }),
    )
}
