import type { Admitted, EvidenceDeps } from '../evidence/admitted.js'
import { effectiveRequest } from '../evidence/amendments.js'
import { validResolutions } from '../evidence/resolutions.js'
import type { ActionRecord } from '../ledger/action-record.js'
import type { Caller } from './control-plane.js'

/** An action as it is now asked for, under the authority that the caller came in under. */
export function admittedFor(
  deps: EvidenceDeps,
  { authority }: Pick<Caller, 'authority'>,
  record: ActionRecord,
): Admitted {
  const admitted = { record, ...effectiveRequest(deps, record), authority }
  return { ...admitted, resolutions: validResolutions(deps, admitted) }
}
