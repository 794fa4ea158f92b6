import { apiCommand, type CliCommand } from '../cli-command.js'
import type { ConnectionOptions } from '../connection.js'
import { exitCodes } from '../exit-codes.js'
import type { Run } from '../session.js'
import { renderAction } from '../show-action.js'

type Options = ConnectionOptions & { readonly reason?: string }

export function cancel(run: Run): CliCommand {
  return apiCommand('cancel <action>', 'Order that an action goes no further; what it has done is undone.')
    .completing({ action: 'open actions' })
    .option('--reason <text>', 'Why; it stays in the trail.')
    .example('exq cancel act_2b7q3m5x6z4n2b7q3m5x6z4n2b --reason "Asked for twice."')
    .leadsTo('exq watch <action>', 'see it end')
    .action(
      run(async (session, id: string, options: Options) => {
        const action = await session.api(options).cancelAction(id, options.reason)
        session.output.show(action, renderAction)
        if (!action.outcome) session.output.say(`The order stands; see it end: \`exq watch ${id}\`.`)
        return exitCodes.ok.code
      }),
    )
}
