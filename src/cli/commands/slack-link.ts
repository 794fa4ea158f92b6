import { apiCommand, type CliCommand } from '../cli-command.js'
import { confirm } from '../confirm.js'
import type { ConnectionOptions } from '../connection.js'
import { exitCodes } from '../exit-codes.js'
import { inert } from '../inert.js'
import type { Run } from '../session.js'
import { isInteractive } from '../terminal.js'

type Options = ConnectionOptions & { readonly yes?: true }

export function slackLink(run: Run): CliCommand {
  return apiCommand('link <code>', 'Confirm that a Slack user is you; `/exequatur link` in Slack gives the code.')
    .option('-y, --yes', 'Do not ask whether that user is you.')
    .example('exq slack link exqs_MzQ1Njc4OTAxMjM0NTY3ODkwMQ --as person:ann')
    .action(
      run(async (session, code: string, { yes, ...options }: Options) => {
        const { output, terminal } = session
        const api = session.api(options)
        const { team, user, name } = inert(await api.lookAtSlackCode(code))
        output.say(`The code is of ${user} in ${team}, who goes by the name of ${name ?? 'nobody'} there.`)
        output.say('Did somebody else give it to you? They would decide in your name.')
        if (!yes && !(isInteractive(terminal) && !output.json && (await confirm('Is that you?')))) {
          output.say('Nothing was linked.')
          return exitCodes.error.code
        }
        output.show(await api.linkSlack(code), (linked) => `${linked.user} of ${linked.team} is ${linked.principal}.`)
        return exitCodes.ok.code
      }),
    )
}
