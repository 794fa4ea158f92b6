import { type CliCommand, command } from '../cli-command.js'
import { lifeCommands } from '../principal-life-commands.js'
import type { Run } from '../session.js'
import { personCreate } from './person-create.js'

export function person(run: Run): CliCommand {
  const group = command('person', 'The life of people, on the ledger itself (DATABASE_URL).')
  for (const each of [personCreate(run), ...lifeCommands(run, 'person')]) group.addCommand(each)
  return group
}
