import { Option } from 'commander'
import { outcomes, stages } from '../../domain/lifecycle.js'
import { apiCommand, type CliCommand, wholeNumber } from '../cli-command.js'
import type { ConnectionOptions } from '../connection.js'
import { exitCodes } from '../exit-codes.js'
import { inert } from '../inert.js'
import type { Run } from '../session.js'
import { renderActions } from '../show-action.js'

interface Options extends ConnectionOptions {
  readonly agent?: string
  readonly tool?: string
  readonly stage?: string
  readonly outcome?: string
  readonly requestId?: string
  readonly limit?: number
  readonly cursor?: string
}

export function list(run: Run): CliCommand {
  return apiCommand('list', 'List actions, newest first: agents see their own, people all of their tenant.')
    .completing({ '--agent': 'agents', '--tool': 'tools' })
    .option('--agent <name>', 'Only of this agent.')
    .option('--tool <name>', 'Only of this tool.')
    .addOption(new Option('--stage <stage>', 'Only in this stage.').choices(stages))
    .addOption(new Option('--outcome <outcome>', 'Only ended so.').choices(outcomes))
    .option('--request-id <id>', 'Only with this request id.')
    .option('--limit <count>', 'How many at most.', wholeNumber)
    .option('--cursor <cursor>', 'Continue a listing: `next` of the page before.')
    .example('exq list --outcome needs-attention --limit 10')
    .leadsTo('exq show <action>', 'all of one')
    .action(
      run(
        async ({ api, output }, { agent, tool, stage, outcome, requestId, limit, cursor, ...connection }: Options) => {
          const query = { tool, stage, outcome, request_id: requestId, limit, cursor }
          const page = await api(connection).listActions({ ...query, agent: agent && withKind('agent', agent) })
          output.show(page, ({ items }, paint) => renderActions(items, paint))
          if (page.next) output.say(inert(`There are more: add \`--cursor ${page.next}\`.`))
          return exitCodes.ok.code
        },
      ),
    )
}

/** Names may be written with or without their kind. */
function withKind(kind: 'agent' | 'person', name: string): string {
  return name.startsWith(`${kind}:`) ? name : `${kind}:${name}`
}
