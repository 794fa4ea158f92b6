import { type CliCommand, dataCommand } from '../cli-command.js'
import { exitCodes } from '../exit-codes.js'
import { removeLogin } from '../login/login-file.js'
import type { Run } from '../session.js'

export function logout(run: Run): CliCommand {
  return dataCommand('logout', 'Forget the sign-in on this machine.')
    .action(
      run(async ({ terminal, output }) => {
        const signed_out = removeLogin(terminal)
        output.show({ signed_out }, () => (signed_out ? 'Signed out.' : 'Nobody was signed in.'))
        return exitCodes.ok.code
      }),
    )
    .example('exq logout')
}
