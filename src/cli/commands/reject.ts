import { castVote, type VoteOptions } from '../cast-vote.js'
import { apiCommand, type CliCommand } from '../cli-command.js'
import type { Run } from '../session.js'

export function reject(run: Run): CliCommand {
  return apiCommand('reject <id>', 'Reject what an approval request shows; `<id>` is its id or that of the action.')
    .completing({ id: 'approvals' })
    .requiredOption('--reason <text>', 'Why; the agent is told, and it is signed with the vote.')
    .option('--digest <digest>', 'Vote only if the envelope has this digest.')
    .option('-y, --yes', 'Do not ask again.')
    .example('exq reject act_2b7q3m5x6z4n2b7q3m5x6z4n2b --reason "Not a duplicate." --as person:ann')
    .action(run((session, id: string, options: VoteOptions) => castVote(session, 'reject', id, options)))
}
