import { apiOption, type CliCommand, dataCommand } from '../cli-command.js'
import { usageError } from '../cli-error.js'
import { findApi } from '../connection.js'
import { exitCodes } from '../exit-codes.js'
import { inert } from '../inert.js'
import { type Login, readLogin, writeLogin } from '../login/login-file.js'
import type { Run } from '../session.js'

interface Options {
  readonly issuer?: string
  readonly clientId?: string
  readonly audience?: string
  readonly scope: string
  readonly api?: string
}

export function login(run: Run): CliCommand {
  return dataCommand('login', 'Sign in at the OIDC issuer of your organisation, in a browser on this machine.')
    .option('--issuer <url>', 'The issuer; else that of the last sign-in.')
    .option(
      '--client-id <id>',
      'The client that people sign in through, which may come back to http://127.0.0.1; else the last one.',
    )
    .option(
      '--audience <name>',
      'The audience that the configuration of Exequatur names for the issuer; else the last one.',
    )
    .option('--scope <scopes>', 'The scopes to ask for.', 'openid decide read')
    .addOption(apiOption())
    .action(
      run(async ({ terminal, output }, { scope, api, ...named }: Options) => {
        const server = findApi({ ...(api && { api }) }, terminal)
        const { issuer, clientId, audience } = whereToSignIn(named, readLogin(terminal))
        const { signIn } = await import('../login/sign-in.js')
        const show = (address: string) => output.say(inert(`Open this address in a browser:\n${address}`))
        const { access_token, expires_in } = await signIn({ issuer, clientId, audience, scope, show })
        const ends_at = Date.now() + expires_in * 1_000
        writeLogin(terminal, { api: server.href, issuer, client_id: clientId, audience, access_token, ends_at })
        const shown = { api: server.href, issuer, ends_at: new Date(ends_at).toISOString() }
        output.show(shown, ({ api, ends_at }) => `Signed in at ${api} until ${ends_at}.`)
        return exitCodes.ok.code
      }),
    )
    .example(
      'exq login --issuer https://id.example.com --client-id exequatur-cli --audience https://exequatur.example.com',
    )
    .leadsTo('exq inbox', 'what waits for you')
}

/** What is not named is as it was the last time. */
function whereToSignIn(named: Pick<Options, 'issuer' | 'clientId' | 'audience'>, last: Login | null) {
  const { issuer = last?.issuer, clientId = last?.client_id, audience = last?.audience } = named
  if (!issuer || !clientId || !audience)
    throw usageError('the first sign-in takes --issuer, --client-id and --audience', 'exq login')
  return { issuer, clientId, audience }
}
