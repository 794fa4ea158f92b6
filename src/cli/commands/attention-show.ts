import { apiCommand, type CliCommand } from '../cli-command.js'
import type { ConnectionOptions } from '../connection.js'
import type { Run } from '../session.js'
import { showAttention } from '../show-attention-request.js'

export function attentionShow(run: Run): CliCommand {
  return apiCommand(
    'show <id>',
    'Show what is known, what was tried, and what each choice does; `<id>` is its id or that of the action.',
  )
    .completing({ id: 'attention' })
    .example('exq attention show att_2b7q3m5x6z4n2b7q3m5x6z4n2b --as person:ann')
    .leadsTo('exq attention resolve <id> --happened --reason <text> --evidence <text>', 'one of the choices')
    .action(run((session, id: string, options: ConnectionOptions) => showAttention(session, session.api(options), id)))
}
