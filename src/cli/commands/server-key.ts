import { type CliCommand, command } from '../cli-command.js'
import type { Run } from '../session.js'
import { serverKeyCreate } from './server-key-create.js'

export function serverKey(run: Run): CliCommand {
  const group = command('server-key', 'Make the key of a server. (Your own, to sign votes with: `exq key`.)')
  group.addCommand(serverKeyCreate(run))
  return group
}
