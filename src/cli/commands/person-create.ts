import type { CliCommand } from '../cli-command.js'
import { createCommand } from '../principal-commands.js'
import type { Run } from '../session.js'

export function personCreate(run: Run): CliCommand {
  return createCommand(run, 'person', 'Create a person; the token goes to standard output, once.').example(
    'exq person create fin --tenant acme --group finance',
  )
}
