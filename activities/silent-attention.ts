import type { AttendedCall } from '../src/domain/attention.js'
import { type EvidenceDeps, pinnedContract } from '../src/evidence/admitted.js'
import { withheld } from '../src/evidence/effect.js'
import { isToUndo, undoOutOfTurn } from '../src/evidence/undo-turn.js'
import { silentCalls } from '../src/ledger/queries/silent-calls.js'
import { silentUndos } from '../src/ledger/queries/silent-undos.js'
import { openAttention } from './attention.js'
import { requireAdmitted } from './request.js'

/**
 * Hands over to people what nobody can look at, or undo: no executor that holds the tool, a breaker that stays open, a
 * workflow that stands still. Whoever looks after all still settles it. Resolves to how many calls that are.
 */
export async function attendToSilent(
  deps: EvidenceDeps,
  { tenant, afterMs }: { readonly tenant: string; readonly afterMs: number },
): Promise<number> {
  const calls = await silentCalls(deps.pool, tenant, afterMs)
  for (const call of calls) await openAttention(deps, { tenant, round: 1, ...call, reason: 'unknown' })
  let undos = 0
  for (const call of await silentUndos(deps.pool, tenant, afterMs)) {
    if (!(await isDue(deps, tenant, call))) continue
    await openAttention(deps, { tenant, round: 1, ...call, reason: 'not-undone' })
    undos += 1
  }
  return calls.length + undos
}

/** Would it be undone now, if anybody were there to do it? What a stop holds waits for whoever ordered that. */
async function isDue(deps: EvidenceDeps, tenant: string, call: AttendedCall): Promise<boolean> {
  const admitted = await requireAdmitted(deps, { tenant, action_id: call.action_id })
  const contract = pinnedContract(admitted, call.step)
  if (!contract || !isToUndo(deps, admitted, call.step) || withheld(admitted, contract, true)) return false
  return undoOutOfTurn(deps, admitted, { tenant, ...call }) === null
}
