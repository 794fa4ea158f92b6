import type { StopDeps } from '../control-plane/stops.js'
import { tenantPattern } from '../domain/ids.js'
import { everything } from '../domain/stop.js'
import { apiCommand, type CliCommand } from './cli-command.js'
import { CliError, toShownError, usageError } from './cli-error.js'
import type { ConnectionOptions } from './connection.js'
import { withLedger } from './ledger-access.js'
import type { Session } from './session.js'
import { stoppable } from './stoppable.js'

/** Options of commands that work over the API, or in an emergency straight on the ledger. */
export interface DirectOptions extends ConnectionOptions {
  readonly direct?: true
  readonly tenant?: string
}

type Kind = (typeof stoppable)[number]

/** A command that gives an order: as a person over the API, or with `--direct` as an operator on the ledger. */
export function directCommand(nameAndArgs: string, summary: string): CliCommand {
  return apiCommand(nameAndArgs, summary)
    .option('--tenant <tenant>', 'The tenant, for `--direct`; else it is that of the token.')
    .option('--direct', 'Straight on the ledger (DATABASE_URL), as an operator, without a server.')
}

/** What to stop, as a scope: `agent desk` is `agent:desk`, `owner ann` is `owner:person:ann`. */
export function scopeOf(kind: string, name: string | undefined): string {
  if (!isKind(kind)) throw usageError(`${kind} cannot be stopped: ${stoppable.join(', ')} can`)
  if (kind === 'tenant' || kind === 'all') {
    if (name !== undefined) throw usageError(`${kind} takes no name; the tenant is that of the token, or --tenant`)
    return kind
  }
  if (!name) throw usageError(`which ${kind}? Write its name after it`)
  if (kind === 'tool') return `tool:${name}`
  return kind === 'agent' ? `agent:${without('agent', name)}` : `owner:person:${without('person', name)}`
}

/** Does it on the ledger. The reserved tenant stands for all of them where the scope is `all`. */
export async function directly<T>(
  session: Pick<Session, 'terminal' | 'output'>,
  { tenant }: DirectOptions,
  scope: string,
  work: (deps: StopDeps, tenant: string) => Promise<T | null>,
): Promise<T> {
  const of = scope === everything.scope ? everything.tenant : tenant
  if (of === undefined) throw usageError('--direct takes --tenant')
  if (of !== everything.tenant && !tenantPattern.test(of))
    throw usageError(`${of} is no tenant: lower case letters, digits and -`)
  return withLedger(session, async (deps) => (await work(deps, of)) as T)
}

/** Where no server answers, the order can still be given. */
export async function orDirect<T>(command: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const shown = toShownError(error)
    if (shown.code !== 'EXQ-7006') throw error
    const remedy = `Straight on the ledger, without a server: \`exq ${command} ... --direct\`, with DATABASE_URL.`
    throw new CliError({ ...shown, remedy }, { cause: error })
  }
}

function isKind(kind: string): kind is Kind {
  return stoppable.some((each) => each === kind)
}

function without(kind: string, name: string): string {
  return name.startsWith(`${kind}:`) ? name.slice(kind.length + 1) : name
}
