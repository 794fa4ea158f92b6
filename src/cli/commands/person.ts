import { type CliCommand, command } from '../cli-command.js'
import type { Run } from '../session.js'
import { personCreate } from './person-create.js'
import { personRevoke } from './person-revoke.js'

export function person(run: Run): CliCommand {
  const group = command('person', 'Create and revoke people, on the ledger itself (DATABASE_URL).')
  group.addCommand(personCreate(run)).addCommand(personRevoke(run))
  return group
}
