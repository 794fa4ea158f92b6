import { canonical } from '../../digest.js'
import type { SlackLinkEndorsement } from '../../domain/slack-link.js'
import { apiCommand, type CliCommand } from '../cli-command.js'
import { confirm } from '../confirm.js'
import type { ConnectionOptions } from '../connection.js'
import { exitCodes } from '../exit-codes.js'
import { inert } from '../inert.js'
import { ownKeyAmong, signWith } from '../person-keys.js'
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
        const seen = await api.lookAtSlackCode(code)
        const { team, user, name } = inert(seen)
        output.say(`The code is of ${user} in ${team}, who goes by the name of ${name ?? 'nobody'} there.`)
        output.say('Did somebody else give it to you? They would decide in your name.')
        if (!yes && !(isInteractive(terminal) && !output.json && (await confirm('Is that you?')))) {
          output.say('Nothing was linked.')
          return exitCodes.error.code
        }
        const { tenant, principal, items } = await api.listKeys()
        const own = ownKeyAmong(terminal, items)
        const statement: SlackLinkEndorsement = {
          purpose: 'link-slack',
          tenant,
          principal,
          team: seen.team,
          user: seen.user,
        }
        const endorsement = own && { key_id: own.key_id, signature: signWith(own.key, canonical(statement)) }
        const linked = await api.linkSlack({ code, ...(endorsement && { endorsement }) })
        output.show(linked, (shown) => `${shown.user} of ${shown.team} is ${shown.principal}.`)
        for (const other of inert(linked.unlinked))
          output.say(`${other}, which was ${principal} until now, is nobody any more.`)
        return exitCodes.ok.code
      }),
    )
}
