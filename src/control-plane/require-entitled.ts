import { ExequaturError } from '../domain/errors.js'
import type { Admitted, EvidenceDeps } from '../evidence/admitted.js'
import { chainOf, isEntitled } from '../evidence/votes.js'
import type { EnvelopeRow } from '../ledger/action-record.js'

/** Lets past who may decide on an approval request. Throws `EXQ-4003`, which says what is in the way. */
export function requireEntitled(
  deps: Pick<EvidenceDeps, 'people'>,
  admitted: Admitted,
  person: string,
  row: EnvelopeRow,
): void {
  if (isEntitled(deps, admitted, person, row)) return
  const why = chainOf(admitted).includes(person)
    ? 'is part of the request'
    : `is in none of the groups that are asked: ${row.approver_groups.join(', ')}`
  throw new ExequaturError('EXQ-4003', `${person} ${why}`)
}
