import { apiCommand, type CliCommand } from '../cli-command.js'
import { columns } from '../columns.js'
import type { ConnectionOptions } from '../connection.js'
import { exitCodes } from '../exit-codes.js'
import type { Run } from '../session.js'

export function downstreams(run: Run): CliCommand {
  return apiCommand(
    'downstreams',
    'List the systems that tools call: whether they answer, and how fast they are called.',
  )
    .example('exq downstreams --as person:omar')
    .action(
      run(async (session, options: ConnectionOptions) => {
        const page = await session.api(options).listDownstreams()
        session.output.show(page, ({ items }, paint) =>
          columns(
            [
              ['DOWNSTREAM', 'STATE', 'SINCE', 'TRIED', 'PER SECOND', 'WAITING', 'TOOLS'],
              ...items.map(({ name, state, changed_at, tried_at, rate, waiting, tools }) => [
                name,
                state,
                changed_at ?? '-',
                tried_at ?? '-',
                rate ? String(Math.round(rate.per_second * 100) / 100) : '-',
                String(waiting),
                tools.join(', '),
              ]),
            ],
            (text, row) => (row === 0 ? paint.dim(text) : text),
          ),
        )
        return exitCodes.ok.code
      }),
    )
}
