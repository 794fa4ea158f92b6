import { ExequaturError } from '../../domain/errors.js'
import { findApproval } from '../cast-vote.js'
import { apiCommand, type CliCommand, several } from '../cli-command.js'
import type { ConnectionOptions } from '../connection.js'
import { exitCodes } from '../exit-codes.js'
import { inert } from '../inert.js'
import { readArgs } from '../read-request.js'
import type { Run } from '../session.js'

interface Options extends ConnectionOptions {
  readonly step: string
  readonly set?: readonly string[]
  readonly args?: string
  readonly reason: string
  readonly digest?: string
}

export function amend(run: Run): CliCommand {
  return apiCommand(
    'amend <id>',
    'Change arguments of what waits for approval; somebody else then approves. `<id>` is its id or that of the action.',
  )
    .completing({ id: 'approvals' })
    .option('--step <id>', 'The step to change.', 'step1')
    .option(
      '--set <name=value>',
      'An argument; as text, or as JSON where the contract wants that. Repeatable.',
      several,
    )
    .option('--args <json>', 'The arguments to change, as one JSON object.')
    .requiredOption('--reason <text>', 'Why; the next approvers see it.')
    .option('--digest <digest>', 'Only if the envelope has this digest.')
    .example('exq amend apr_2b7q3m5x6z4n2b7q3m5x6z4n2b --set amount_cents=40000 --reason "Half of it is due."')
    .leadsTo('exq show <action>', 'the new request, for somebody else to approve')
    .action(
      run(async (session, id: string, options: Options) => {
        const { output } = session
        const api = session.api(options)
        const shown = await findApproval(api, id)
        if (options.digest !== undefined && options.digest !== shown.envelope_digest)
          throw new ExequaturError('EXQ-4004', `${shown.id} has the envelope digest ${shown.envelope_digest}`)
        const { steps } = await api.getAction(shown.action_id)
        const tool = steps.find((step) => step.id === options.step)?.tool ?? ''
        const after = await api.amend(shown.id, {
          step: options.step,
          args: await readArgs(api, tool, {
            ...(options.set && { arg: options.set }),
            ...(options.args !== undefined && { args: options.args }),
          }),
          reason: options.reason,
          envelope_digest: shown.envelope_digest,
        })
        output.show(after, (approval) => `amended ${options.step} of ${approval.action_id}`)
        output.say(`A new approval request follows: \`exq get ${inert(after.action_id)}\`.`)
        return exitCodes.ok.code
      }),
    )
}
