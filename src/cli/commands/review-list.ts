import type { ChangesView } from '../../control-plane/changes-view.js'
import { apiCommand, type CliCommand, wholeNumber } from '../cli-command.js'
import type { ConnectionOptions } from '../connection.js'
import { exitCodes } from '../exit-codes.js'
import { inert } from '../inert.js'
import type { Run } from '../session.js'
import { renderReviews } from '../show-review.js'

type Options = ConnectionOptions & { readonly limit: number; readonly cursor?: string; readonly objected?: true }

export function reviewList(run: Run): CliCommand {
  return apiCommand('list', 'Show what ran without people and is for you to look over, oldest first.')
    .option('--objected', 'Show what somebody objected to instead.')
    .option('--limit <count>', 'How many at most.', wholeNumber, 20)
    .option('--cursor <cursor>', 'Continue a listing: `next` of the page before.')
    .example('exq review list --as person:ann')
    .leadsTo('exq review looked <action>', 'or: exq review object <action> --reason <text>')
    .action(
      run(async (session, options: Options) => {
        const { output } = session
        const api = session.api(options)
        const items: ChangesView[] = []
        let next = options.cursor ?? null
        // A page holds what is due for anybody, less what others look over: it may be empty although more follow.
        do {
          const page = await api.listReviews({
            limit: options.limit - items.length,
            cursor: next ?? undefined,
            ...(options.objected && { objected: 'true' }),
          })
          items.push(...page.items)
          next = page.next
        } while (next && items.length < options.limit)
        output.show({ items, next }, (page, paint) => renderReviews(page.items, paint))
        const [first] = inert(items)
        if (first && !options.objected)
          output.say(
            `Then: \`exq review looked ${first.action_id}\` or \`exq review object ${first.action_id} --reason <text>\`.`,
          )
        if (next) output.say(inert(`There are more: add \`--cursor ${next}\`.`))
        return exitCodes.ok.code
      }),
    )
}
