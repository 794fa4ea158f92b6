import type { Admitted, EvidenceDeps } from '../evidence/admitted.js'
import { effectiveRequest } from '../evidence/amendments.js'
import type { ActionRecord } from '../ledger/action-record.js'
import type { Caller } from './control-plane.js'

/** An action as it is now asked for, under the authority that the caller came in under. */
export function admittedFor(
  deps: Pick<EvidenceDeps, 'verifySignature'>,
  { authority }: Pick<Caller, 'authority'>,
  record: ActionRecord,
): Admitted {
  return { record, ...effectiveRequest(deps, record), authority }
}
