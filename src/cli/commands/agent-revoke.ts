import type { CliCommand } from '../cli-command.js'
import { revokeCommand } from '../principal-commands.js'
import type { Run } from '../session.js'

export function agentRevoke(run: Run): CliCommand {
  return revokeCommand(
    run,
    'agent',
    'Cut an agent off: its tokens are refused, and nothing of it executes any more.',
  ).example('exq agent revoke support_refunds_v2 --tenant acme')
}
