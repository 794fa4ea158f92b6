import type { CliCommand } from '../cli-command.js'
import { exitCodes } from '../exit-codes.js'
import { operator } from '../ledger-access.js'
import type { Run } from '../session.js'
import { renderOrdered } from '../show-stop.js'
import { type DirectOptions, directCommand, directly, orDirect, scopeOf } from '../stop-order.js'

type Options = DirectOptions & { readonly reason: string }

export function resume(run: Run): CliCommand {
  return directCommand('resume <what> [name]', 'Let what is stopped go on.')
    .completing({ what: 'stoppable', name: 'names to stop' })
    .requiredOption('--reason <text>', 'Why; it stays in the ledger.')
    .example('exq resume agent support_refunds_v2 --reason "Repaired." --as person:omar')
    .leadsTo('exq stops', 'what is still stopped')
    .action(
      run(async ({ terminal, output, api }, what: string, name: string | undefined, options: Options) => {
        const scope = scopeOf(what, name)
        const { reason } = options
        const ordered = options.direct
          ? await directly({ terminal, output }, options, scope, async (deps, tenant) => {
              const { orderResume } = await import('../../control-plane/stops.js')
              return orderResume(deps, { tenant, scope, reason, by: operator(), authority_revision: null })
            })
          : await orDirect('resume', () => api(options).resume(scope, reason))
        output.show(ordered, renderOrdered)
        return exitCodes.ok.code
      }),
    )
}
