import { ExequaturError } from '../domain/errors.js'
import { everything, type PendingRule, type Stop } from '../domain/stop.js'
import type { Authorities, Authority } from '../identity/authority.js'
import type { Pool } from '../ledger/pool.js'
import { ledgerMoment } from '../ledger/queries/ledger-moment.js'
import { recordStop } from '../ledger/queries/record-stop.js'

export interface StopDeps {
  readonly pool: Pool
  readonly authorities: Authorities
}

export interface StopWish {
  readonly tenant: string
  readonly scope: string
  readonly reason: string
  readonly by: string
  /** The authority that entitles whoever wishes it; null for an operator. */
  readonly authority_revision: number | null
}

/** An order about a scope as it was acknowledged. */
export interface StopOrdered {
  readonly tenant: string
  readonly scope: string
  readonly state: 'stopped' | 'resumed'
  readonly pending: PendingRule
  readonly reason: string
  readonly by: string
  /** By the ledger's clock, once the order is committed: no intent and no attempt that a stop holds is younger. */
  readonly acknowledged_at: string
}

/**
 * Stops a scope: once this resolves, no intent and no attempt of it commits. Resolves to null if the authority moved
 * meanwhile. Throws `EXQ-4021` where nothing of that name is.
 */
export async function orderStop(
  deps: StopDeps,
  wish: StopWish & { readonly pending: PendingRule },
): Promise<StopOrdered | null> {
  if (wish.tenant !== everything.tenant) {
    const authority = await deps.authorities.current(wish.tenant)
    if (!authority || !isThere(authority, wish.scope))
      throw new ExequaturError('EXQ-4021', `${wish.scope} in ${wish.tenant}`)
  }
  return order(deps, wish, 'stopped', wish.pending)
}

/** Lets a stopped scope go on. Resolves to null if the authority moved meanwhile. Throws `EXQ-4022` where it is not stopped. */
export function orderResume(deps: StopDeps, wish: StopWish): Promise<StopOrdered | null> {
  return order(deps, wish, 'resumed', 'end')
}

/** The stops in force in a tenant, those of all tenants among them. */
export function stopsIn(authority: Pick<Authority, 'stops'>): Stop[] {
  return [...authority.stops].sort((a, b) => (a.scope < b.scope ? -1 : 1))
}

async function order(
  { pool }: StopDeps,
  wish: StopWish,
  state: StopOrdered['state'],
  pending: PendingRule,
): Promise<StopOrdered | null> {
  const recorded = await recordStop(pool, { ...wish, state, pending })
  if (recorded === 'moved') return null
  if (recorded === 'not-stopped') throw new ExequaturError('EXQ-4022', wish.scope)
  const { tenant, scope, reason, by } = wish
  return { tenant, scope, state, pending, reason, by, acknowledged_at: await ledgerMoment(pool) }
}

/** A stop of something misspelt would only seem to hold. */
function isThere(authority: Authority, scope: string): boolean {
  const [kind, ...rest] = scope.split(':')
  const name = rest.join(':')
  if (kind === 'tenant') return name === ''
  if (kind === 'agent') return authority.principal(scope) !== undefined
  if (kind === 'owner') return /^person:/.test(name) && authority.principal(name) !== undefined
  return kind === 'tool' && authority.contracts.some(({ contract }) => contract.name === name)
}
