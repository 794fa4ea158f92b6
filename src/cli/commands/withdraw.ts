import { castVote, type VoteOptions } from '../cast-vote.js'
import { apiCommand, type CliCommand } from '../cli-command.js'
import type { Run } from '../session.js'

export function withdraw(run: Run): CliCommand {
  return apiCommand(
    'withdraw <id>',
    'Take your approval back, before it is used; `<id>` is that of the request or action.',
  )
    .completing({ id: 'decided approvals' })
    .option('--reason <text>', 'Why; it is signed with the vote.')
    .option('-y, --yes', 'Do not ask again.')
    .example('exq withdraw apr_2b7q3m5x6z4n2b7q3m5x6z4n2b --reason "The customer called back." --as person:ann')
    .leadsTo('exq show <approval>', 'what still stands')
    .action(run((session, id: string, options: VoteOptions) => castVote(session, 'withdraw', id, options)))
}
