import { apiCommand, type CliCommand, wholeNumber } from '../cli-command.js'
import type { ConnectionOptions } from '../connection.js'
import { exitCodes } from '../exit-codes.js'
import { inert } from '../inert.js'
import type { Run } from '../session.js'
import { renderShadows } from '../show-reconciliation.js'

type Options = ConnectionOptions & { readonly limit: number; readonly cursor?: string; readonly all?: true }

export function shadowList(run: Run): CliCommand {
  return apiCommand('list', 'Show shadow effects that nobody acknowledged, oldest first.')
    .option('--all', 'Those that somebody acknowledged too.')
    .option('--limit <count>', 'How many at most.', wholeNumber, 20)
    .option('--cursor <cursor>', 'Continue a listing: `next` of the page before.')
    .example('exq shadow list --as person:ann')
    .leadsTo('exq shadow acknowledge <shadow> --reason <text>', 'say why it is there')
    .action(
      run(async (session, { all, limit, cursor, ...options }: Options) => {
        const page = await session.api(options).listShadowEffects({ limit, cursor, ...(all && { all: 'true' }) })
        session.output.show(page, ({ items }, paint) => renderShadows(items, paint))
        const [first] = inert(page.items)
        if (first && !first.acknowledged)
          session.output.say(`Then: \`exq shadow acknowledge ${first.id} --reason <text>\`.`)
        if (page.next) session.output.say(inert(`There are more: add \`--cursor ${page.next}\`.`))
        return exitCodes.ok.code
      }),
    )
}
