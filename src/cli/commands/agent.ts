import { type CliCommand, command } from '../cli-command.js'
import type { Run } from '../session.js'
import { agentCreate } from './agent-create.js'
import { agentRevoke } from './agent-revoke.js'

export function agent(run: Run): CliCommand {
  const group = command('agent', 'Create and revoke agents, on the ledger itself (DATABASE_URL).')
  group.addCommand(agentCreate(run)).addCommand(agentRevoke(run))
  return group
}
