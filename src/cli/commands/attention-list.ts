import { Option } from 'commander'
import type { AttentionView } from '../../control-plane/attention/attention-view.js'
import { attentionReasons } from '../../domain/attention.js'
import { apiCommand, type CliCommand, wholeNumber } from '../cli-command.js'
import type { ConnectionOptions } from '../connection.js'
import { exitCodes } from '../exit-codes.js'
import { inert } from '../inert.js'
import type { Run } from '../session.js'
import { renderAttentions } from '../show-attention.js'

type Options = ConnectionOptions & {
  readonly all?: true
  readonly reason?: string
  readonly tool?: string
  readonly olderThan?: number
  readonly limit: number
  readonly cursor?: string
}

export function attentionList(run: Run): CliCommand {
  return apiCommand('list', 'Show what is for you to decide, oldest first, and how long it has waited.')
    .completing({ '--tool': 'tools' })
    .option('--all', 'Show what others decide on as well.')
    .addOption(new Option('--reason <reason>', 'Only for this reason.').choices(attentionReasons))
    .option('--tool <name>', 'Only calls of this tool.')
    .option('--older-than <seconds>', 'Only what has waited for so long.', wholeNumber)
    .option('--limit <count>', 'How many at most.', wholeNumber, 20)
    .option('--cursor <cursor>', 'Continue a listing: `next` of the page before.')
    .example('exq attention list --reason unknown --older-than 3600 --as person:ann')
    .leadsTo('exq attention show <id>', 'what is known, and the choices')
    .action(
      run(async (session, options: Options) => {
        const { output } = session
        const api = session.api(options)
        const items: AttentionView[] = []
        let next = options.cursor ?? null
        let about = { open: 0, oldest_seconds: null as number | null }
        // A page holds what is open for anybody, less what others decide: it may be empty although more follow.
        do {
          const { items: more, ...rest } = await api.listAttention({
            limit: options.limit - items.length,
            cursor: next ?? undefined,
            reason: options.reason,
            tool: options.tool,
            older_than: options.olderThan,
            ...(options.all && { all: 'true' }),
          })
          items.push(...more)
          next = rest.next
          about = { open: rest.open, oldest_seconds: rest.oldest_seconds }
        } while (next && items.length < options.limit)
        output.show({ items, next, ...about }, renderAttentions)
        const [first] = inert(items)
        if (first) output.say(`What is known, and the choices: \`exq attention show ${first.id}\`.`)
        if (next) output.say(inert(`There are more: add \`--cursor ${next}\`.`))
        return exitCodes.ok.code
      }),
    )
}
