import { type CliCommand, command } from '../cli-command.js'
import type { Run } from '../session.js'
import { keyCreate } from './key-create.js'
import { keyEndorse } from './key-endorse.js'
import { keyList } from './key-list.js'
import { keyRevoke } from './key-revoke.js'

export function key(run: Run): CliCommand {
  const group = command('key', 'Your own keys, that you sign votes with. (Those of the server: `exq server-key`.)')
  for (const make of [keyCreate, keyEndorse, keyList, keyRevoke]) group.addCommand(make(run))
  return group
}
