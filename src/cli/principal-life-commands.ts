import type { PrincipalKind } from '../domain/principal.js'
import { type CliCommand, dataCommand } from './cli-command.js'
import { confirm } from './confirm.js'
import { exitCodes } from './exit-codes.js'
import { operator, withLedger } from './ledger-access.js'
import { checkTenant, principalOf } from './principal-names.js'
import type { Run } from './session.js'
import { renderPrincipal } from './show-principal.js'
import { isInteractive } from './terminal.js'

interface Options {
  readonly tenant: string
}

interface ChangeOptions extends Options {
  readonly reason?: string
  readonly yes?: true
}

/** A command that shows a principal and its life. */
function showCommand(run: Run, kind: PrincipalKind): CliCommand {
  return lifeCommand(kind, 'show <name>', 'Show what it is, its ways in, and its life from the facts.')
    .action(
      run(async ({ terminal, output }, name: string, { tenant }: Options) => {
        const { readPrincipal } = await import('../control-plane/read-principal.js')
        const principal = principalOf(kind, name)
        const view = await withLedger({ terminal, output }, (deps) =>
          readPrincipal(deps, checkTenant(tenant), principal),
        )
        output.show(view, renderPrincipal)
        return exitCodes.ok.code
      }),
    )
    .example(`exq ${kind} show ${sampleOf[kind]} --tenant acme`)
}

/** A command that gives a principal a new token, and shows it. */
function rotateCommand(run: Run, kind: PrincipalKind): CliCommand {
  return lifeCommand(kind, 'rotate <name>', 'Replace its tokens by a new one, which goes to standard output, once.')
    .action(
      run(async ({ terminal, output }, name: string, { tenant }: Options) => {
        const { rotateToken } = await import('../control-plane/principal-life.js')
        const change = { tenant: checkTenant(tenant), principal: principalOf(kind, name), by: operator() }
        const rotated = await withLedger({ terminal, output }, (deps) => rotateToken(deps, change))
        output.say(
          `${rotated.principal} of ${tenant}. This is its token; it is not shown again, the old ones are refused:`,
        )
        output.show({ ...rotated, tenant }, ({ token }) => token)
        return exitCodes.ok.code
      }),
    )
    .example(`exq ${kind} rotate ${sampleOf[kind]} --tenant acme`)
}

const changes = {
  suspend: ['suspended', 'Hold it back until it is resumed; tokens and memberships stay.'],
  resume: ['live', 'Let it act and decide again after it was suspended.'],
  revoke: ['revoked', 'Cut it off: tokens are refused, votes no longer count, and nothing of it executes any more.'],
  decommission: ['decommissioned', 'Cut it off for ever: its name is never used again.'],
} as const

/** A command that changes the state of a principal. */
function changeCommand(run: Run, kind: PrincipalKind, verb: keyof typeof changes): CliCommand {
  const [state, summary] = changes[verb]
  const command = lifeCommand(kind, `${verb} <name>`, summary).option('--reason <text>', 'Why; kept with the fact.')
  if (verb === 'decommission') command.option('-y, --yes', 'Do not ask again.')
  return command
    .action(
      run(async ({ terminal, output }, name: string, { tenant, reason, yes }: ChangeOptions) => {
        const change = { tenant: checkTenant(tenant), principal: principalOf(kind, name), by: operator(), reason }
        const asks = verb === 'decommission' && !yes && !output.json && isInteractive(terminal)
        if (asks && !(await confirm(`Cut ${change.principal} of ${tenant} off for ever?`))) {
          output.say('Nothing was changed.')
          return exitCodes.error.code
        }
        const life = await import('../control-plane/principal-life.js')
        await withLedger({ terminal, output }, (deps) => {
          switch (verb) {
            case 'suspend':
              return life.suspendPrincipal(deps, change)
            case 'resume':
              return life.resumePrincipal(deps, change)
            case 'revoke':
              return life.revokePrincipal(deps, change.tenant, change.principal, change.by, reason)
            case 'decommission':
              return life.decommissionPrincipal(deps, change)
          }
        })
        const { principal } = change
        output.show({ principal, tenant, state }, () => `${principal} of ${tenant} is ${state}.`)
        return exitCodes.ok.code
      }),
    )
    .example(`exq ${kind} ${verb} ${sampleOf[kind]} --tenant acme`)
}

/** The commands of a life, but for its beginning. */
export function lifeCommands(run: Run, kind: PrincipalKind): CliCommand[] {
  const verbs = ['suspend', 'resume', 'revoke', 'decommission'] as const
  return [showCommand(run, kind), rotateCommand(run, kind), ...verbs.map((verb) => changeCommand(run, kind, verb))]
}

const sampleOf: Readonly<Record<PrincipalKind, string>> = { agent: 'support_refunds_v2', person: 'ann', service: 'ci' }

function lifeCommand(kind: PrincipalKind, nameAndArgs: string, summary: string): CliCommand {
  return dataCommand(nameAndArgs, summary)
    .requiredOption('--tenant <tenant>', 'The tenant it belongs to.')
    .completing(kind === 'agent' ? { name: 'agents' } : kind === 'person' ? { name: 'people' } : {})
}
