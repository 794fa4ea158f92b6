import { Option } from 'commander'
import type { PendingRule } from '../../domain/stop.js'
import type { CliCommand } from '../cli-command.js'
import { exitCodes } from '../exit-codes.js'
import { operator } from '../ledger-access.js'
import type { Run } from '../session.js'
import { renderOrdered } from '../show-stop.js'
import { type DirectOptions, directCommand, directly, orDirect, scopeOf } from '../stop-order.js'

interface Options extends DirectOptions {
  readonly reason: string
  readonly pending?: PendingRule
}

export function stop(run: Run): CliCommand {
  return directCommand(
    'stop <what> [name]',
    'Stop an agent, an owner, a tool, the tenant, or all: nothing of it begins any more.',
  )
    .completing({ what: 'stoppable', name: 'names to stop' })
    .requiredOption('--reason <text>', 'Why; everybody who meets the stop reads it.')
    .addOption(
      new Option('--pending <rule>', 'What becomes of what it holds; else as configured.').choices(['wait', 'end']),
    )
    .example('exq stop agent support_refunds_v2 --reason "It refunds twice." --as person:omar')
    .example('exq stop all --reason "Incident 41." --direct')
    .leadsTo('exq stops', 'what is stopped')
    .leadsTo('exq resume <what> <name> --reason <text>', 'let it go on')
    .action(
      run(async ({ terminal, output, api }, what: string, name: string | undefined, options: Options) => {
        const scope = scopeOf(what, name)
        const { reason, pending } = options
        const ordered = options.direct
          ? await directly({ terminal, output }, options, scope, async (deps, tenant) => {
              const { orderStop } = await import('../../control-plane/stops.js')
              const by = { by: operator(), authority_revision: null }
              return orderStop(deps, { tenant, scope, reason, pending: pending ?? 'end', ...by })
            })
          : await orDirect('stop', () => api(options).stop({ scope, reason, pending }))
        output.show(ordered, renderOrdered)
        return exitCodes.ok.code
      }),
    )
}
