import { apiCommand, type CliCommand, wholeNumber } from '../cli-command.js'
import type { ConnectionOptions } from '../connection.js'
import { exitCodes } from '../exit-codes.js'
import type { Run } from '../session.js'
import { renderTool, renderTools } from '../show-tool.js'
import { toolsCheck } from './tools-check.js'
import { toolsDeprecate, toolsRestore, toolsWithdraw } from './tools-status.js'

type Options = ConnectionOptions & { readonly toolVersion?: number }

export function tools(run: Run): CliCommand {
  const group = apiCommand('tools [name]', 'List the tools, or show the contract of one.')
    // Else the options of what follows would be taken for its own.
    .enablePositionalOptions()
    .completing({ name: 'tools' })
    .option('--tool-version <number>', 'Another version than the newest.', wholeNumber)
    .example('exq tools refund_invoice')
    .action(
      run(async (session, name: string | undefined, options: Options) => {
        const api = session.api(options)
        if (name === undefined)
          session.output.show(await api.listTools(), ({ items }, paint) => renderTools(items, paint))
        else session.output.show(await api.getTool(name, options.toolVersion), renderTool)
        return exitCodes.ok.code
      }),
    )
  for (const make of [toolsCheck, toolsWithdraw, toolsDeprecate, toolsRestore]) group.addCommand(make(run))
  return group
}
