import { type CliCommand, command } from '../cli-command.js'
import type { Run } from '../session.js'
import { keysCreate } from './keys-create.js'

export function keys(run: Run): CliCommand {
  const group = command('keys', 'Make the keys of a deployment.')
  group.addCommand(keysCreate(run))
  return group
}
