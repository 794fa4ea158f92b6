import { apiCommand, type CliCommand } from '../cli-command.js'
import type { ConnectionOptions } from '../connection.js'
import { exitCodes } from '../exit-codes.js'
import type { Run } from '../session.js'
import { renderShadows } from '../show-reconciliation.js'

type Options = ConnectionOptions & { readonly reason: string }

export function shadowAcknowledge(run: Run): CliCommand {
  return apiCommand('acknowledge <shadow>', 'Say that you know of a shadow effect, and why it is there.')
    .completing({ shadow: 'shadow effects' })
    .requiredOption('--reason <text>', 'Why it is there; it stays in the record.')
    .example('exq shadow acknowledge shd_2b7q3m5x6z4n2b7q3m5x6z4n2b --reason "Made in the dashboard for ticket 41."')
    .action(
      run(async (session, id: string, { reason, ...options }: Options) => {
        const shadow = await session.api(options).acknowledgeShadowEffect(id, reason)
        session.output.show(shadow, (one, paint) => renderShadows([one], paint))
        return exitCodes.ok.code
      }),
    )
}
