import { apiCommand, type CliCommand } from '../cli-command.js'
import type { ConnectionOptions } from '../connection.js'
import { exitCodes } from '../exit-codes.js'
import type { Run } from '../session.js'
import { renderBudgets } from '../show-budgets.js'

export function budgets(run: Run): CliCommand {
  return apiCommand('budgets', 'Show where the budgets stand, and what came near them or met them.')
    .example('exq budgets --as person:ann')
    .action(
      run(async (session, options: ConnectionOptions) => {
        session.output.show(await session.api(options).listBudgets(), renderBudgets)
        return exitCodes.ok.code
      }),
    )
}
