import { apiCommand, type CliCommand } from '../cli-command.js'
import { type ResolveOptions, resolveAttention } from '../resolve-attention.js'
import type { Run } from '../session.js'

export function attentionResolve(run: Run): CliCommand {
  return apiCommand(
    'resolve <id>',
    'Decide what happened, or what is to be done; `<id>` is its id or that of the action.',
  )
    .completing({ id: 'attention' })
    .option('--happened', 'It happened, once: it counts as committed and verified. Takes evidence.')
    .option('--did-not-happen', 'It did not happen, and will not: it counts as not committed. Takes evidence.')
    .option('--attempt-again', 'Call once more under a new key, after policy and approval anew.')
    .option('--compensate', 'It counts as committed, and the whole plan is undone.')
    .option('--leave', 'What cannot be undone stays; the action ends needs-attention.')
    .requiredOption('--reason <text>', 'Why; it is signed with the decision.')
    .option('--evidence <text>', 'What shows it: a ticket, an id in the real system.')
    .option('--result <json>', 'The output of a call whose answer was lost, to refer to it and to undo it.')
    .option('--digest <digest>', 'Decide only if what is known has this digest.')
    .option('-y, --yes', 'Do not ask again.')
    .example(
      'exq attention resolve att_2b7q3m5x6z4n2b7q3m5x6z4n2b --happened --reason "Seen in the console." --evidence re_7Qx --as person:ann',
    )
    .leadsTo('exq watch <action>', 'how it goes on')
    .action(run((session, id: string, options: ResolveOptions) => resolveAttention(session, id, options)))
}
