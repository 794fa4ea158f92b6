import { apiCommand, type CliCommand, wholeNumber } from '../cli-command.js'
import type { ConnectionOptions } from '../connection.js'
import { exitCodes } from '../exit-codes.js'
import { inert } from '../inert.js'
import type { Run } from '../session.js'
import { renderDeliveries } from '../show-deliveries.js'

type Options = ConnectionOptions & { readonly limit: number; readonly cursor?: string; readonly retry?: string }

export function deliveries(run: Run): CliCommand {
  return apiCommand(
    'deliveries',
    'Show what has not reached people, oldest first: what is pending, and what was given up.',
  )
    .option('--retry <delivery>', 'Try this one at once.')
    .option('--limit <count>', 'How many at most.', wholeNumber, 20)
    .option('--cursor <cursor>', 'Continue a listing: `next` of the page before.')
    .example('exq deliveries --as person:omar')
    .action(
      run(async (session, { retry, limit, cursor, ...options }: Options) => {
        const api = session.api(options)
        if (retry !== undefined) {
          const tried = await api.retryDelivery(retry)
          session.output.show(tried, (delivery, paint) => renderDeliveries([delivery], paint))
          return exitCodes.ok.code
        }
        const page = await api.listDeliveries({ limit, cursor })
        session.output.show(page, ({ items }, paint) => renderDeliveries(items, paint))
        const left = inert(page.items).find(({ state }) => state === 'given-up')
        if (left) session.output.say(`Then: \`exq deliveries --retry ${left.id}\`.`)
        if (page.next) session.output.say(inert(`There are more: add \`--cursor ${page.next}\`.`))
        return exitCodes.ok.code
      }),
    )
}
