import type { ContractStatus } from '../../domain/contract.js'
import { type CliCommand, wholeNumber } from '../cli-command.js'
import { exitCodes } from '../exit-codes.js'
import { operator } from '../ledger-access.js'
import type { Run } from '../session.js'
import { renderStatusOrdered } from '../show-stop.js'
import { type DirectOptions, directCommand, directly, orDirect } from '../stop-order.js'

type Options = DirectOptions & { readonly note: string }

export function toolsWithdraw(run: Run): CliCommand {
  return statusCommand(run, 'withdraw', 'withdrawn', 'Withdraw a tool, or one version: nobody calls it any more.')
}

export function toolsDeprecate(run: Run): CliCommand {
  return statusCommand(run, 'deprecate', 'deprecated', 'Mark a tool, or one version, as one to move away from.')
}

export function toolsRestore(run: Run): CliCommand {
  return statusCommand(run, 'restore', 'live', 'Make a withdrawn or deprecated tool, or one version, live again.')
}

function statusCommand(run: Run, verb: string, status: ContractStatus, summary: string): CliCommand {
  return directCommand(`${verb} <name> [version]`, summary)
    .completing({ name: 'tools' })
    .requiredOption('--note <text>', 'Why; it is shown with the contract.')
    .example(`exq tools ${verb} refund_invoice 1 --note "See incident 41." --as person:omar`)
    .action(
      run(async ({ terminal, output, api }, tool: string, number: string | undefined, options: Options) => {
        const version = number === undefined ? undefined : wholeNumber(number.replace(/^v/, ''))
        const { note } = options
        const ordered = options.direct
          ? await directly({ terminal, output }, options, 'tool', async (deps, tenant) => {
              const { orderStatus } = await import('../../control-plane/set-tool-status.js')
              const by = { by: operator(), authority_revision: null }
              return orderStatus(deps, { tenant, tool, version: version ?? null, status, note, ...by })
            })
          : await orDirect(`tools ${verb}`, () => api(options).setToolStatus(tool, { status, version, note }))
        output.show(ordered, renderStatusOrdered)
        return exitCodes.ok.code
      }),
    )
}
