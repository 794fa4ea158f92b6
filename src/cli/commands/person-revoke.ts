import type { CliCommand } from '../cli-command.js'
import { revokeCommand } from '../principal-commands.js'
import type { Run } from '../session.js'

export function personRevoke(run: Run): CliCommand {
  return revokeCommand(
    run,
    'person',
    'Cut a person off: the tokens are refused, and the votes no longer count.',
  ).example('exq person revoke ann --tenant acme')
}
