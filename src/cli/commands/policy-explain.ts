import { apiCommand, type CliCommand } from '../cli-command.js'
import type { ConnectionOptions } from '../connection.js'
import { exitCodes } from '../exit-codes.js'
import type { Run } from '../session.js'
import { renderExplanation } from '../show-explanation.js'

export function policyExplain(run: Run): CliCommand {
  return apiCommand(
    'explain <action>',
    'Tell which policies decided on an action, why, and what would have been enough.',
  )
    .completing({ action: 'actions' })
    .example('exq policy explain act_2b7q3m5x6z4n2b7q3m5x6z4n2b --as ann')
    .action(
      run(async ({ output, api }, id: string, options: ConnectionOptions) => {
        output.show(await api(options).explainAction(id), renderExplanation)
        return exitCodes.ok.code
      }),
    )
}
