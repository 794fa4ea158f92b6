import type { Change } from '../domain/amendment.js'
import { observationKey } from '../evidence/admitted.js'
import type { Authority } from '../identity/authority.js'
import type { ActionRecord, DecisionRow } from '../ledger/action-record.js'

/** What kept a step from being executed: another value than was decided on. */
export interface MovedView {
  readonly step: string
  /** Pointers as in the contract; the values only where everybody who may read sees all of what was observed. */
  readonly changes: readonly Change[]
  readonly at: string
}

type MovedFacts = Pick<Authority, 'contractByDigest'>

export function viewMoved({ decisions, contracts }: ActionRecord, authority: MovedFacts): MovedView[] {
  return decisions.flatMap((row) => {
    const changes = changesIn(row, contracts, authority)
    return changes ? [{ step: row.step, changes, at: row.decided_at }] : []
  })
}

/** Null where nothing moved. What views hide of an observation is not told by what moved in it. */
export function changesIn(
  { moved, step }: DecisionRow,
  contracts: ActionRecord['contracts'],
  authority: MovedFacts,
): readonly Change[] | null {
  const observing = authority.contractByDigest(contracts[observationKey(step)]?.digest ?? '')?.contract
  if (!moved || !observing?.views) return moved
  return moved.map(({ pointer, ...values }) => (pointer.startsWith('/args/') ? { pointer, ...values } : { pointer }))
}
