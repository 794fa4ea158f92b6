import { accountCommand } from '../account-commands.js'
import { type CliCommand, command } from '../cli-command.js'
import type { Run } from '../session.js'

export function account(run: Run): CliCommand {
  const made = command(
    'account',
    'Which identity of an OIDC issuer is which principal, on the ledger itself (DATABASE_URL).',
  )
  made.addCommand(accountCommand(run, 'link', 'From now on that identity is this principal.'))
  made.addCommand(accountCommand(run, 'unlink', 'From now on that identity is nobody; its tokens are refused at once.'))
  return made
}
