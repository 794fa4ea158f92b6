import { digestBytes } from '../digest.js'
import type { ActionRef } from '../domain/activities.js'
import { ExequaturError } from '../domain/errors.js'
import { loadAction, loadActionInSession } from '../ledger/queries/load-action.js'
import type { Admitted, EvidenceDeps } from './admitted.js'
import { effectiveRequest } from './amendments.js'
import { validResolutions } from './resolutions.js'

/**
 * Loads what was admitted; null if nothing was. A digest that does not fit its bytes is never acted on. What the agent
 * did before comes along where `forDecision`; elsewhere it is unknown.
 */
export async function loadAdmitted(deps: EvidenceDeps, ref: ActionRef, forDecision = false): Promise<Admitted | null> {
  const record = forDecision
    ? await loadActionInSession(deps.pool, ref, deps.sessionWindowMs)
    : await loadAction(deps.pool, ref)
  if (!record) return null
  if (digestBytes(record.request) !== record.request_digest) {
    throw new ExequaturError('EXQ-9001', 'the admitted bytes do not have the admitted digest')
  }
  const authority = await deps.authorities.at(ref.tenant, record.authority_revision)
  const admitted = { record, ...effectiveRequest(deps, record), authority }
  return { ...admitted, resolutions: validResolutions(deps, admitted) }
}
