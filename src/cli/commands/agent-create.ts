import type { CliCommand } from '../cli-command.js'
import { createCommand } from '../principal-commands.js'
import type { Run } from '../session.js'

export function agentCreate(run: Run): CliCommand {
  return createCommand(run, 'agent', 'Create an agent; its token goes to standard output, once.')
    .requiredOption('--owner <person>', 'The person who answers for it.')
    .option('--environment <name>', 'Where it runs; policies can read it.')
    .example('exq agent create support_refunds_v2 --tenant acme --owner person:ann --group support')
}
