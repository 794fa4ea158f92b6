import { apiCommand, type CliCommand, wholeNumber } from '../cli-command.js'
import type { ConnectionOptions } from '../connection.js'
import { exitCodes } from '../exit-codes.js'
import type { Run } from '../session.js'
import { renderPolicyChange, renderPolicyChanges, tellNext } from '../show-policy-change.js'

type Options = ConnectionOptions & { readonly limit: number }

export function policyChanges(run: Run): CliCommand {
  return apiCommand('changes [change]', 'List the changes of the policies, newest first; or show what one changes.')
    .completing({ change: 'policy changes' })
    .option('--limit <count>', 'How many at most.', wholeNumber, 20)
    .example('exq policy changes --as ann')
    .leadsTo('exq policy agree <change>', 'or: exq policy object <change>')
    .action(
      run(async ({ output, api: open }, id: string | undefined, options: Options) => {
        const api = open(options)
        if (id !== undefined) {
          const change = await api.getPolicyChange(id)
          output.show(change, renderPolicyChange)
          tellNext(output, change)
          return exitCodes.ok.code
        }
        const page = await api.listPolicyChanges(options.limit)
        output.show(page, ({ items }, paint) => renderPolicyChanges(items, paint))
        const waiting = page.items.find(({ state }) => state === 'waiting')
        if (waiting) output.say(`What it changes: \`exq policy changes ${waiting.id}\`.`)
        return exitCodes.ok.code
      }),
    )
}
