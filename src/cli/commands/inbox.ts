import { apiCommand, type CliCommand, wholeNumber } from '../cli-command.js'
import { usageError } from '../cli-error.js'
import type { ConnectionOptions } from '../connection.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import { waitingFor } from '../inbox/waiting.js'
import { inert } from '../inert.js'
import { openInbox } from '../open-inbox.js'
import type { Run, Session } from '../session.js'
import { renderInbox } from '../show-inbox.js'
import { isInteractive, isRedrawable } from '../terminal.js'

type Options = ConnectionOptions & {
  readonly limit: number
  readonly cursor?: string
  readonly watch?: boolean
  readonly open?: true
}

export function inbox(run: Run): CliCommand {
  return apiCommand(
    'inbox',
    'Show what waits for your decision, the riskiest first, then the oldest; at a terminal live, with keys to decide.',
  )
    .option('--watch', 'Stay, and show it anew at every change, until q or Ctrl-C; at a terminal that is so anyway.')
    .option('--no-watch', 'List it once, at a terminal too.')
    .option('--limit <count>', 'How many at most.', wholeNumber, 50)
    .option('--cursor <cursor>', 'Continue a listing: `next` of the page before.')
    .option('--open', 'Give an address that signs you in at the inbox in a browser, once.')
    .example('exq inbox --as person:ann')
    .example('exq inbox --open --as person:ann')
    .example('exq inbox --no-watch --limit 10')
    .example('exq inbox --watch -o json')
    .leadsTo('exq show <approval>', 'all that a vote is for')
    .leadsTo('exq approve <approval>', 'or: exq reject <approval> --reason <text>')
    .leadsTo('exq attention list', 'what a machine may not settle')
    .action(
      run(async (session, options: Options) => {
        if (options.open) return openInbox(session, options)
        const { output, terminal } = session
        if (options.watch && options.cursor !== undefined)
          throw usageError('--cursor continues a listing, and --watch begins anew', 'exq inbox')
        const sits = !output.json && isInteractive(terminal) && isRedrawable(terminal, terminal.stdout)
        if (options.watch === false || options.cursor !== undefined || !(sits || options.watch))
          return list(session, options)
        if (sits) await import('../inbox/live-inbox.js').then(({ liveInbox }) => liveInbox(session, options))
        else await import('../inbox/watched-inbox.js').then(({ watchedInbox }) => watchedInbox(session, options))
        return exitCodes.ok.code
      }),
    )
}

async function list({ api, output }: Session, options: Options): Promise<ExitCode> {
  const page = await waitingFor(api(options), options.limit, options.cursor)
  output.show(page, ({ items }, paint) => renderInbox(items, paint))
  const [first] = inert(page.items)
  if (first) output.say(`All of it: \`exq show ${first.id}\`; then \`exq approve\` or \`exq reject\`.`)
  if (page.next) output.say(inert(`There are more: add \`--cursor ${page.next}\`.`))
  if (page.beyond) output.say('More waits than can be looked through here. Decide on some of these first.')
  return exitCodes.ok.code
}
