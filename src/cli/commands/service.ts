import { type CliCommand, command } from '../cli-command.js'
import { lifeCommands } from '../principal-life-commands.js'
import type { Run } from '../session.js'
import { serviceCreate } from './service-create.js'

export function service(run: Run): CliCommand {
  const group = command(
    'service',
    'The life of service accounts, which ask and decide nothing, on the ledger itself (DATABASE_URL).',
  )
  for (const each of [serviceCreate(run), ...lifeCommands(run, 'service')]) group.addCommand(each)
  return group
}
