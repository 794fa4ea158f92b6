import { apiOption, type CliCommand, dataCommand } from '../cli-command.js'
import { findApi } from '../connection.js'
import { exitCodes } from '../exit-codes.js'
import { inert } from '../inert.js'
import { writeLogin } from '../login/login-file.js'
import type { Run } from '../session.js'

interface Options {
  readonly issuer: string
  readonly clientId: string
  readonly audience: string
  readonly scope: string
  readonly api?: string
}

export function login(run: Run): CliCommand {
  return dataCommand('login', 'Sign in at the OIDC issuer of your organisation, in a browser on this machine.')
    .requiredOption('--issuer <url>', 'The issuer.')
    .requiredOption('--client-id <id>', 'The client that people sign in through; it may come back to http://127.0.0.1.')
    .requiredOption('--audience <name>', 'The audience that the configuration of Exequatur names for the issuer.')
    .option('--scope <scopes>', 'The scopes to ask for.', 'openid decide read')
    .addOption(apiOption())
    .action(
      run(async ({ terminal, output }, { issuer, clientId, audience, scope, api }: Options) => {
        const server = findApi({ ...(api && { api }) }, terminal)
        const { signIn } = await import('../login/sign-in.js')
        const show = (address: string) => output.say(inert(`Open this address in a browser:\n${address}`))
        const { access_token, expires_in } = await signIn({ issuer, clientId, audience, scope, show })
        const ends_at = Date.now() + expires_in * 1_000
        writeLogin(terminal, { api: server.href, issuer, access_token, ends_at })
        const shown = { api: server.href, issuer, ends_at: new Date(ends_at).toISOString() }
        output.show(shown, ({ api, ends_at }) => `Signed in at ${api} until ${ends_at}.`)
        return exitCodes.ok.code
      }),
    )
    .example(
      'exq login --issuer https://id.example.com --client-id exequatur-cli --audience https://exequatur.example.com',
    )
}
