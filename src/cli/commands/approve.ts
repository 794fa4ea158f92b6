import { castVote, type VoteOptions } from '../cast-vote.js'
import { apiCommand, type CliCommand } from '../cli-command.js'
import type { Run } from '../session.js'

export function approve(run: Run): CliCommand {
  return apiCommand('approve <id>', 'Approve what an approval request shows; `<id>` is its id or that of the action.')
    .completing({ id: 'approvals' })
    .option('--reason <text>', 'Why; it is signed with the vote.')
    .option('--digest <digest>', 'Vote only if the envelope has this digest.')
    .option('--acknowledge <digest>', 'Approve in spite of its flags, which have this digest.')
    .option(
      '-y, --yes',
      'Do not ask again; what is riskier than the configuration allows for that is refused (EXQ-7008).',
    )
    .example('exq approve apr_2b7q3m5x6z4n2b7q3m5x6z4n2b --reason "Seen on the bank statement." --as person:ann')
    .leadsTo('exq watch <action>', 'how it goes on')
    .leadsTo('exq withdraw <approval>', 'take it back, until it is used')
    .action(run((session, id: string, options: VoteOptions) => castVote(session, 'approve', id, options)))
}
