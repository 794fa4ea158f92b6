import { apiCommand, type CliCommand } from '../cli-command.js'
import type { ConnectionOptions } from '../connection.js'
import { exitCodes } from '../exit-codes.js'
import type { Run } from '../session.js'
import { renderReconciliation } from '../show-reconciliation.js'

export function reconcile(run: Run): CliCommand {
  return apiCommand('reconcile', 'Show what the reconciler did last: actions it took up, effects it looked for.')
    .example('exq reconcile --as person:omar')
    .action(
      run(async (session, options: ConnectionOptions) => {
        session.output.show(await session.api(options).reconciliation(), renderReconciliation)
        return exitCodes.ok.code
      }),
    )
}
