import type { CliCommand } from '../cli-command.js'
import { createCommand } from '../principal-commands.js'
import type { Run } from '../session.js'

export function serviceCreate(run: Run): CliCommand {
  return createCommand(run, 'service', 'Create a service account; its token goes to standard output, once.')
    .requiredOption('--owner <person>', 'The person who answers for it.')
    .example('exq service create ci --tenant acme --owner person:ann')
}
