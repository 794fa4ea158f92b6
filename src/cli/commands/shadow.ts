import { type CliCommand, command } from '../cli-command.js'
import type { Run } from '../session.js'
import { shadowAcknowledge } from './shadow-acknowledge.js'
import { shadowList } from './shadow-list.js'

export function shadow(run: Run): CliCommand {
  const group = command('shadow', 'Look after effects in downstreams that are not as the ledger says.')
  group.addCommand(shadowList(run), { isDefault: true })
  group.addCommand(shadowAcknowledge(run))
  return group
}
