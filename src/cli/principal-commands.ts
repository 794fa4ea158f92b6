import { tenantPattern } from '../domain/ids.js'
import { type CliCommand, dataCommand, several } from './cli-command.js'
import { usageError } from './cli-error.js'
import { exitCodes } from './exit-codes.js'
import { operator, withLedger } from './ledger-access.js'
import type { Run } from './session.js'

type Kind = 'agent' | 'person'

interface Options {
  readonly tenant: string
  readonly group?: readonly string[]
  readonly owner?: string
  readonly environment?: string
}

/** A command that creates a principal and shows its token. */
export function createCommand(run: Run, kind: Kind, summary: string): CliCommand {
  return dataCommand('create <name>', summary)
    .requiredOption('--tenant <tenant>', 'The tenant it belongs to.')
    .option('--group <name>', 'A group to put it in. Repeatable.', several)
    .action(
      run(async ({ terminal, output }, name: string, { tenant, group = [], owner, environment }: Options) => {
        const wanted = {
          tenant: checkTenant(tenant),
          kind,
          name: withoutKind(kind, name),
          groups: group,
          by: operator(),
        }
        const { createPrincipal } = await import('../control-plane/principals.js')
        const created = await withLedger(terminal, (deps) =>
          createPrincipal(deps, {
            ...wanted,
            environment,
            ...(owner && { owner: `person:${withoutKind('person', owner)}` }),
          }),
        )
        output.say(`${created.principal} of ${tenant}. This is its token; it is not shown again:`)
        output.show({ ...created, tenant, groups: group }, ({ token }) => token)
        return exitCodes.ok.code
      }),
    )
}

/** A command that cuts a principal off. */
export function revokeCommand(run: Run, kind: Kind, summary: string): CliCommand {
  return dataCommand('revoke <name>', summary)
    .requiredOption('--tenant <tenant>', 'The tenant it belongs to.')
    .action(
      run(async ({ terminal, output }, name: string, { tenant }: Options) => {
        const principal = `${kind}:${withoutKind(kind, name)}`
        const { revokePrincipal } = await import('../control-plane/principals.js')
        await withLedger(terminal, (deps) => revokePrincipal(deps, checkTenant(tenant), principal, operator()))
        output.show({ principal, tenant, state: 'revoked' }, () => `${principal} of ${tenant} is revoked.`)
        return exitCodes.ok.code
      }),
    )
}

function withoutKind(kind: Kind, name: string): string {
  return name.startsWith(`${kind}:`) ? name.slice(kind.length + 1) : name
}

function checkTenant(tenant: string): string {
  if (!tenantPattern.test(tenant)) throw usageError(`${tenant} is no tenant: lower case letters, digits and -`)
  return tenant
}
