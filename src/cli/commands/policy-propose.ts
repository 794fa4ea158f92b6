import { apiCommand, type CliCommand } from '../cli-command.js'
import type { ConfigOptions } from '../config-path.js'
import type { ConnectionOptions } from '../connection.js'
import { exitCodes } from '../exit-codes.js'
import { inert } from '../inert.js'
import { readPolicySources } from '../policy-sources.js'
import type { Run } from '../session.js'
import { renderPolicyChange, tellNext } from '../show-policy-change.js'

type Options = ConnectionOptions & ConfigOptions & { readonly note: string }

export function policyPropose(run: Run): CliCommand {
  return apiCommand('propose', 'Propose the policies of a configuration; what loosens waits until enough people agree.')
    .option('--config <path>', 'The configuration; else EXEQUATUR_CONFIG, else exequatur.config.ts here.')
    .requiredOption('--note <text>', 'What the change is for; whoever agrees reads it.')
    .example('exq policy propose --note "Refunds over 300 need finance" --as ann')
    .leadsTo('exq policy changes <change>', 'who has to agree')
    .action(
      run(async (session, options: Options) => {
        const { files } = await readPolicySources(options, session.terminal)
        const change = inert(await session.api(options).proposePolicies({ policies: files, note: options.note }))
        session.output.show(change, renderPolicyChange)
        tellNext(session.output, change)
        return exitCodes.ok.code
      }),
    )
}
