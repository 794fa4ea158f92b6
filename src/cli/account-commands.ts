import { type CliCommand, dataCommand } from './cli-command.js'
import { exitCodes } from './exit-codes.js'
import { operator, withLedger } from './ledger-access.js'
import { checkPrincipal, checkTenant } from './principal-names.js'
import type { Run } from './session.js'

interface Options {
  readonly tenant: string
  readonly issuer: string
  readonly subject: string
}

/** A command that changes who an identity of an issuer is. */
export function accountCommand(run: Run, verb: 'link' | 'unlink', summary: string): CliCommand {
  return dataCommand(`${verb} <principal>`, summary)
    .requiredOption('--tenant <tenant>', 'The tenant it belongs to.')
    .requiredOption('--issuer <url>', 'The issuer, exactly as its tokens say it in `iss`.')
    .requiredOption('--subject <id>', 'Its id there: `sub` of a person, the client id of an agent.')
    .action(
      run(async ({ terminal, output }, name: string, { tenant, issuer, subject }: Options) => {
        const change = { tenant: checkTenant(tenant), principal: checkPrincipal(name), issuer, subject, by: operator() }
        const { linkAccount, unlinkAccount } = await import('../control-plane/accounts.js')
        const work = verb === 'link' ? linkAccount : unlinkAccount
        await withLedger({ terminal, output }, (deps) => work(deps, change))
        const state = verb === 'link' ? 'live' : 'removed'
        const { by: _, ...shown } = { ...change, state }
        const now = verb === 'link' ? 'is' : 'is no longer'
        output.show(shown, () => `${subject} of ${issuer} ${now} ${change.principal} of ${tenant}.`)
        return exitCodes.ok.code
      }),
    )
    .example(`exq account ${verb} person:ann --tenant acme --issuer https://id.example.com --subject 00u1ann`)
}
