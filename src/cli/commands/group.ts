import { type CliCommand, command } from '../cli-command.js'
import { groupCommand } from '../group-commands.js'
import type { Run } from '../session.js'

export function group(run: Run): CliCommand {
  const made = command('group', 'Who is in which group, on the ledger itself (DATABASE_URL).')
  made.addCommand(groupCommand(run, 'add', 'Put a principal into a group, from now on.'))
  made.addCommand(groupCommand(run, 'remove', 'Take a principal out of a group; its votes for it no longer count.'))
  return made
}
