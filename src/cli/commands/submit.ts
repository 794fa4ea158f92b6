import { randomUUID } from 'node:crypto'
import { apiCommand, type CliCommand, several, waitOf, waitOption, wholeNumber } from '../cli-command.js'
import { CliError } from '../cli-error.js'
import type { ConnectionOptions } from '../connection.js'
import { exitCodeOf } from '../exit-codes.js'
import { firstWait, waitForEnding } from '../follow-action.js'
import { inert } from '../inert.js'
import { type Request, type RequestOptions, readRequest } from '../read-request.js'
import type { Run } from '../session.js'
import { showAction } from '../show-action.js'

type Options = ConnectionOptions & RequestOptions & { readonly wait?: number | true }

export function submit(run: Run): CliCommand {
  return apiCommand(
    'submit [tool]',
    'Ask for an action. `-` instead of a tool reads the whole request from standard input.',
  )
    .completing({ tool: 'tools' })
    .option(
      '--arg <name=value>',
      'An argument; as text, or as JSON where the contract wants that. Repeatable.',
      several,
    )
    .option('--args <json>', 'All arguments, as one JSON object.')
    .option('--tool-version <number>', 'Another version of the tool than the newest.', wholeNumber)
    .option('--file <path>', 'The whole request as JSON: {tool, args, context} or {plan, context}.')
    .option('--ticket <id>', 'The ticket the action is for.')
    .option('--user <id>', 'The user it is for.')
    .option('--incident <id>', 'The incident it is for.')
    .option('--reason <text>', 'Why; approvers see it.')
    .option('--require-approval', 'Ask people even where the policy would not.')
    .option('--request-id <id>', 'The same id again is the same action; made up, and told, where it is missing.')
    .addOption(waitOption())
    .example('exq submit refund_invoice --arg invoice_id=in_123 --arg reason_code=goodwill --ticket zd_1 --wait')
    .example('exq submit --file request.json -o json')
    .leadsTo('exq watch <action>', 'follow it until it ends')
    .leadsTo('exq get <action> --wait', 'wait for its end, for the exit code')
    .action(
      run(async (session, tool: string | undefined, options: Options) => {
        const { output } = session
        const api = session.api(options)
        const request = await readRequest(session, api, tool, options)
        if (request.context.request_id === undefined) {
          request.context.request_id = `req_${randomUUID()}`
          output.say(`request id ${request.context.request_id}`)
        }
        const wait = waitOf(options.wait)
        const deadline = Date.now() + wait * 1_000
        const sent = await api.submit(request, firstWait(wait)).catch((error) => tellHowToRepeat(error, request))
        if (sent.joined)
          output.say(
            inert(`The same is asked already, and waits: ${request.context.request_id} is joined with ${sent.id}.`),
          )
        const action = await waitForEnding({ api, output }, sent, deadline)
        showAction(output, action, wait > 0)
        return exitCodeOf(action.outcome, wait > 0)
      }),
    )
}

/** Whether a request arrived is not known when no answer came; under the same id it can be sent again. */
function tellHowToRepeat(error: unknown, { context }: Request): never {
  if (!(error instanceof CliError) || error.shown.code !== 'EXQ-7006') throw error
  const again = `then send it again with \`--request-id ${context.request_id}\`: it stays one action`
  throw new CliError({ ...error.shown, remedy: `${error.shown.remedy.replace(/\.$/, '')}, ${again}.` })
}
