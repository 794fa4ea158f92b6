import type { EvidenceDeps } from '../src/evidence/admitted.js'
import { contradictedCalls } from '../src/ledger/queries/contradicted-calls.js'
import { openAttention } from './attention.js'

/**
 * Hands over to people what a downstream contradicts: an effect is there although the ledger says that it did not happen,
 * or that it was undone. Resolves to how many calls that are.
 */
export async function attendToShadows(deps: EvidenceDeps, { tenant }: { readonly tenant: string }): Promise<number> {
  const calls = await contradictedCalls(deps.pool, tenant)
  for (const call of calls) await openAttention(deps, { tenant, round: 1, ...call, reason: 'late' })
  return calls.length
}
