import { type CliCommand, dataCommand } from './cli-command.js'
import { checkDeclared } from './declared.js'
import { exitCodes } from './exit-codes.js'
import { operator, withLedger } from './ledger-access.js'
import { checkPrincipal, checkTenant } from './principal-names.js'
import type { Run } from './session.js'

/** A command that changes who is in a group. */
export function groupCommand(run: Run, verb: 'add' | 'remove', summary: string): CliCommand {
  const state = verb === 'add' ? 'member' : 'removed'
  return dataCommand(`${verb} <group> <principal>`, summary)
    .requiredOption('--tenant <tenant>', 'The tenant both belong to.')
    .action(
      run(async ({ terminal, output }, group: string, name: string, { tenant }: { readonly tenant: string }) => {
        const principal = checkPrincipal(name)
        if (verb === 'add') await checkDeclared(terminal, { tenant, principal, groups: [group] })
        const { changeMembership } = await import('../control-plane/memberships.js')
        const membership = { tenant: checkTenant(tenant), group, principal, state, by: operator() } as const
        await withLedger({ terminal, output }, (deps) => changeMembership(deps, membership))
        const now = verb === 'add' ? 'is in' : 'is not in'
        output.show({ principal, tenant, group, state }, () => `${principal} of ${tenant} ${now} ${group}.`)
        return exitCodes.ok.code
      }),
    )
    .example(`exq group ${verb} finance person:ann --tenant acme`)
}
