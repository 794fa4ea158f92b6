import { type CliCommand, command } from '../cli-command.js'
import type { Run } from '../session.js'
import { policyAgree } from './policy-agree.js'
import { policyChanges } from './policy-changes.js'
import { policyCheck } from './policy-check.js'
import { policyExplain } from './policy-explain.js'
import { policyLog } from './policy-log.js'
import { policyObject } from './policy-object.js'
import { policyPropose } from './policy-propose.js'
import { policySimulate } from './policy-simulate.js'
import { policyTest } from './policy-test.js'

export function policy(run: Run): CliCommand {
  const group = command('policy', 'Check, test and change the policies; ask what they would say, and why they said it.')
  const commands = [
    policyCheck,
    policyTest,
    policySimulate,
    policyExplain,
    policyPropose,
    policyChanges,
    policyAgree,
    policyObject,
    policyLog,
  ]
  for (const make of commands) group.addCommand(make(run))
  return group
}
