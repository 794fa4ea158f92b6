import { type CliCommand, command } from '../cli-command.js'
import type { Run } from '../session.js'
import { policyCheck } from './policy-check.js'
import { policyTest } from './policy-test.js'

export function policy(run: Run): CliCommand {
  const group = command('policy', 'Check and test the policies of a configuration.')
  group.addCommand(policyCheck(run)).addCommand(policyTest(run))
  return group
}
