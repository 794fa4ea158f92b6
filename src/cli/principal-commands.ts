import type { PrincipalKind } from '../domain/principal.js'
import { type CliCommand, dataCommand, several } from './cli-command.js'
import { checkDeclared } from './declared.js'
import { exitCodes } from './exit-codes.js'
import { operator, withLedger } from './ledger-access.js'
import { checkTenant, principalOf, withoutKind } from './principal-names.js'
import type { Run } from './session.js'

interface Options {
  readonly tenant: string
  readonly group?: readonly string[]
  readonly owner?: string
  readonly contact?: string
  readonly environment?: string
}

/** A command that creates a principal and shows its token. */
export function createCommand(run: Run, kind: PrincipalKind, summary: string): CliCommand {
  return dataCommand('create <name>', summary)
    .requiredOption('--tenant <tenant>', 'The tenant it belongs to.')
    .option('--group <name>', 'A group to put it in. Repeatable.', several)
    .option('--contact <team>', 'A team to turn to; it entitles nobody to anything.')
    .action(
      run(async ({ terminal, output }, name: string, options: Options) => {
        const { tenant, group = [], owner, contact, environment } = options
        const wanted = {
          tenant: checkTenant(tenant),
          kind,
          name: withoutKind(kind, name),
          groups: group,
          contact,
          environment,
          by: operator(),
        }
        await checkDeclared(terminal, { tenant, principal: principalOf(kind, name), groups: group })
        const { createPrincipal } = await import('../control-plane/principals.js')
        const created = await withLedger({ terminal, output }, (deps) =>
          createPrincipal(deps, { ...wanted, ...(owner && { owner: principalOf('person', owner) }) }),
        )
        output.say(`${created.principal} of ${tenant}. This is its token; it is not shown again:`)
        output.show({ ...created, tenant, groups: group }, ({ token }) => token)
        return exitCodes.ok.code
      }),
    )
}
