import { apiCommand, type CliCommand } from '../cli-command.js'
import type { ConnectionOptions } from '../connection.js'
import { exitCodes } from '../exit-codes.js'
import { inert } from '../inert.js'
import { findAttention } from '../resolve-attention.js'
import type { Run } from '../session.js'
import { renderAttention } from '../show-attention.js'

export function attentionShow(run: Run): CliCommand {
  return apiCommand(
    'show <id>',
    'Show what is known, what was tried, and what each choice does; `<id>` is its id or that of the action.',
  )
    .completing({ id: 'attention' })
    .example('exq attention show att_2b7q3m5x6z4n2b7q3m5x6z4n2b --as person:ann')
    .action(
      run(async (session, id: string, options: ConnectionOptions) => {
        const { output } = session
        const view = await findAttention(session.api(options), id)
        output.show(view, renderAttention)
        if (view.state === 'open' && view.your_resolution.may)
          output.say(inert(`To decide: \`exq attention resolve ${view.id} --<choice> --reason <text>\`.`))
        return exitCodes.ok.code
      }),
    )
}
