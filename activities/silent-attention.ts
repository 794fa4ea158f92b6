import type { EvidenceDeps } from '../src/evidence/admitted.js'
import { silentCalls } from '../src/ledger/queries/silent-calls.js'
import { openAttention } from './attention.js'

/**
 * Hands over to people what nobody can look at: no executor that holds the tool, a breaker that stays open, a workflow that
 * stands still. Whoever looks after all still settles it. Resolves to how many calls that are.
 */
export async function attendToSilent(
  deps: EvidenceDeps,
  { tenant, afterMs }: { readonly tenant: string; readonly afterMs: number },
): Promise<number> {
  const calls = await silentCalls(deps.pool, tenant, afterMs)
  for (const call of calls) await openAttention(deps, { tenant, round: 1, ...call, reason: 'unknown' })
  return calls.length
}
