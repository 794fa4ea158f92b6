import { Argument } from 'commander'
import { type CliCommand, command } from '../cli-command.js'
import { type Shell, scripts, shells } from '../completion/scripts.js'
import { exitCodes } from '../exit-codes.js'
import type { Run } from '../session.js'

export function completion(run: Run): CliCommand {
  return command('completion', 'Print what makes a shell complete commands, options, names and ids.')
    .addArgument(new Argument('<shell>', 'Which shell.').choices(shells))
    .action(
      run(async ({ terminal }, shell: Shell) => {
        terminal.stdout.write(scripts[shell])
        return exitCodes.ok.code
      }),
    )
    .example('source <(exq completion bash)')
    .example('source <(exq completion zsh)')
    .example('exq completion fish | source')
}
