import { castVote, rejectAll, type VoteOptions } from '../cast-vote.js'
import { apiCommand, type CliCommand } from '../cli-command.js'
import { usageError } from '../cli-error.js'
import type { Run } from '../session.js'

export function reject(run: Run): CliCommand {
  return apiCommand(
    'reject <ids...>',
    'Reject what approval requests show; `<ids>` are theirs or those of the actions.',
  )
    .completing({ ids: 'approvals' })
    .requiredOption('--reason <text>', 'Why; the agent is told, and it is signed with the vote.')
    .option('--digest <digest>', 'Vote only if the one envelope has this digest.')
    .option('-y, --yes', 'Do not ask again.')
    .example('exq reject act_2b7q3m5x6z4n2b7q3m5x6z4n2b --reason "Not a duplicate." --as person:ann')
    .example('exq reject apr_2b7q3m5x6z4n2b7q3m5x6z4n2b apr_7c2f4h6j2k4m6p2r4t6v2x4z6b --reason "Asked for twice."')
    .leadsTo('exq show <action>', 'what became of it')
    .action(
      run((session, ids: readonly string[], options: VoteOptions) => {
        const [id, another] = ids
        if (id !== undefined && another === undefined) return castVote(session, 'reject', id, options)
        if (options.digest !== undefined) throw usageError('--digest is of one request', 'exq reject')
        return rejectAll(session, ids, options)
      }),
    )
}
