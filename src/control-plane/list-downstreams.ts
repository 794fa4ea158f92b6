import { presentRate, settle } from '../domain/breaker.js'
import { downstreamOf, limitsOf, type Rate } from '../domain/downstream-limits.js'
import { atRest } from '../domain/downstream-slot.js'
import { newestContracts } from '../identity/authority.js'
import { loadDownstreams } from '../ledger/queries/load-downstreams.js'
import type { Caller, ControlPlane } from './control-plane.js'
import type { Page } from './cursor.js'
import { requirePerson } from './require-person.js'

/** A downstream as it stands in a tenant. Times are ISO 8601. */
export interface DownstreamView {
  readonly name: string
  readonly tools: readonly string[]
  /** `slow-start`: it closed a moment ago. */
  readonly state: 'closed' | 'open' | 'half-open' | 'slow-start'
  /** Calls in a row without an answer. */
  readonly failures: number
  /** When one call is let through, where it is open. */
  readonly tried_at: string | null
  readonly changed_at: string | null
  /** The rate that holds now; null where there is none. */
  readonly rate: Rate | null
  readonly waiting: number
}

/** The downstreams that the contracts of the caller's tenant name, for people. Throws `EXQ-2002` for an agent. */
export async function listDownstreams(
  plane: Pick<ControlPlane, 'pool' | 'limits'>,
  caller: Caller,
): Promise<Page<DownstreamView>> {
  requirePerson(caller, 'look after downstreams')
  const rows = await loadDownstreams(plane.pool, caller.tenant)
  const contracts = newestContracts(caller.authority.contracts)
  const names = [...new Set(contracts.map(downstreamOf))].sort()
  const items = names.map((name): DownstreamView => {
    const users = contracts.filter((contract) => downstreamOf(contract) === name)
    const limits = users.map((contract) => limitsOf(contract, plane.limits))
    const rule = limits.find(({ breaker }) => breaker)?.breaker ?? null
    const declared = limits.find(({ rate }) => rate)?.rate ?? null
    const {
      standing = atRest,
      now_ms = 0,
      waiting = 0,
      changed_at = null,
    } = rows.find(({ downstream }) => downstream === name) ?? {}
    const breaker = rule ? settle(standing.breaker, rule, now_ms) : atRest.breaker
    return {
      name,
      tools: users.map((contract) => contract.name),
      state: breaker.closed_at === null ? breaker.state : 'slow-start',
      failures: breaker.failures,
      tried_at: breaker.state === 'open' ? new Date(breaker.retry_at).toISOString() : null,
      changed_at,
      rate: presentRate(breaker, rule, declared, now_ms),
      waiting,
    }
  })
  return { items, next: null }
}
