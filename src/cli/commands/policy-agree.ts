import { apiCommand, type CliCommand } from '../cli-command.js'
import { type AgreeOptions, sayToPolicies } from '../say-to-policies.js'
import type { Run } from '../session.js'

export function policyAgree(run: Run): CliCommand {
  return apiCommand(
    'agree <change>',
    'Agree to a change of the policies, after looking at it; the last agreement needed puts it in force.',
  )
    .completing({ change: 'policy changes' })
    .option('--reason <text>', 'Why; it is recorded.')
    .option('-y, --yes', 'Do not ask again.')
    .example('exq policy agree chg_2b7q3m5x6z4n2b7q3m5x6z4n2b --reason "Seen the cases." --as fred')
    .action(run((session, id: string, options: AgreeOptions) => sayToPolicies(session, 'agree', id, options)))
}
