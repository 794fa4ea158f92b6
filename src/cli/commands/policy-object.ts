import { apiCommand, type CliCommand } from '../cli-command.js'
import { type AgreeOptions, sayToPolicies } from '../say-to-policies.js'
import type { Run } from '../session.js'

export function policyObject(run: Run): CliCommand {
  return apiCommand('object <change>', 'Object to a change of the policies: it never comes into force.')
    .completing({ change: 'policy changes' })
    .option('--reason <text>', 'Why; it is recorded.')
    .option('-y, --yes', 'Do not ask again.')
    .example('exq policy object chg_2b7q3m5x6z4n2b7q3m5x6z4n2b --reason "Too much for one ticket." --as fred')
    .action(run((session, id: string, options: AgreeOptions) => sayToPolicies(session, 'object', id, options)))
}
