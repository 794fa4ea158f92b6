import { type CliCommand, command } from '../cli-command.js'
import { lifeCommands } from '../principal-life-commands.js'
import type { Run } from '../session.js'
import { agentCreate } from './agent-create.js'

export function agent(run: Run): CliCommand {
  const group = command('agent', 'The life of agents, on the ledger itself (DATABASE_URL).')
  for (const each of [agentCreate(run), ...lifeCommands(run, 'agent')]) group.addCommand(each)
  return group
}
