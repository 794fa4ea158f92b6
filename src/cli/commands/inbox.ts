import type { ApprovalView } from '../../control-plane/approval-view.js'
import { apiCommand, type CliCommand, wholeNumber } from '../cli-command.js'
import type { ConnectionOptions } from '../connection.js'
import { exitCodes } from '../exit-codes.js'
import { inert } from '../inert.js'
import { openInbox } from '../open-inbox.js'
import type { Run } from '../session.js'
import { byRiskAndAge, renderInbox } from '../show-inbox.js'

type Options = ConnectionOptions & { readonly limit: number; readonly cursor?: string; readonly open?: true }

export function inbox(run: Run): CliCommand {
  return apiCommand('inbox', 'Show what waits for your decision, the riskiest first, then the oldest.')
    .option('--limit <count>', 'How many at most.', wholeNumber, 50)
    .option('--cursor <cursor>', 'Continue a listing: `next` of the page before.')
    .option('--open', 'Give an address that signs you in at the inbox in a browser, once.')
    .example('exq inbox --as person:ann')
    .example('exq inbox --open --as person:ann')
    .action(
      run(async (session, options: Options) => {
        if (options.open) return openInbox(session, options)
        const { output } = session
        const api = session.api(options)
        const items: ApprovalView[] = []
        let next = options.cursor ?? null
        // A page holds what waits for anybody, less what others decide: it may be empty although more follow.
        do {
          const page = await api.listApprovals({ limit: options.limit - items.length, cursor: next ?? undefined })
          items.push(...page.items)
          next = page.next
        } while (next && items.length < options.limit)
        output.show({ items, next }, (page, paint) => renderInbox(page.items, paint))
        const [first] = inert(byRiskAndAge(items))
        if (first) output.say(`All of it: \`exq show ${first.id}\`; then \`exq approve\` or \`exq reject\`.`)
        if (next) output.say(inert(`There are more: add \`--cursor ${next}\`.`))
        return exitCodes.ok.code
      }),
    )
}
