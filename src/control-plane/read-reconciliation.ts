import { type LastLook, lastLooks, lastResumptions, type Resumption } from '../ledger/queries/last-looks.js'
import { loadReconciliation, type ReconciliationRow } from '../ledger/queries/load-reconciliation.js'
import type { Caller, ControlPlane } from './control-plane.js'
import { requirePerson } from './require-person.js'

/** What the reconciler did last. */
export interface ReconciliationView {
  /** null before the first comparison. */
  readonly workflows: Omit<ReconciliationRow, 'age_ms'> | null
  readonly resumptions: readonly Resumption[]
  readonly effects: readonly LastLook[]
}

const mostResumptions = 20

/** The last comparison of the caller's tenant, for people. Throws `EXQ-2002` for an agent. */
export async function readReconciliation(
  { pool }: Pick<ControlPlane, 'pool'>,
  caller: Caller,
): Promise<ReconciliationView> {
  requirePerson(caller, 'look after what was reconciled')
  const [last, resumptions, effects] = await Promise.all([
    loadReconciliation(pool, caller.tenant),
    lastResumptions(pool, caller.tenant, mostResumptions),
    lastLooks(pool, caller.tenant),
  ])
  if (!last) return { workflows: null, resumptions, effects }
  const { age_ms: _, ...workflows } = last
  return { workflows, resumptions, effects }
}
