import { digestBytes } from '../digest.js'
import type { ActionRef } from '../domain/activities.js'
import type { RegisteredContract } from '../domain/contract.js'
import { ExequaturError } from '../domain/errors.js'
import type { JsonObject } from '../domain/json.js'
import type { ActionRequest, Step } from '../domain/request.js'
import type { Authorities, Authority } from '../identity/authority.js'
import type { VerifySignature } from '../identity/signing-key.js'
import type { ActionRecord } from '../ledger/action-record.js'
import type { Pool } from '../ledger/pool.js'
import { loadAction, loadActionInSession } from '../ledger/queries/load-action.js'
import { type Effective, effectiveRequest } from './amendments.js'

/** What reading the evidence takes. */
export interface EvidenceDeps {
  readonly pool: Pool
  readonly authorities: Authorities
  readonly verifySignature: VerifySignature
  /** Groups declared in the configuration. */
  readonly groups: readonly string[]
  /** How far back the calls of an agent count as what it did before. */
  readonly sessionWindowMs: number
  /** `one`: the deployment has declared that there is nobody else to ask, and marks what it approves itself. */
  readonly people?: 'one' | 'several'
  /** Who decides, beside the approvers of a tool, where a machine may not settle. */
  readonly attentionGroup?: string | undefined
}

/** An admitted request as the ledger has it, its digest recomputed from the stored bytes. */
export interface Admitted {
  readonly record: ActionRecord
  /** As it would run: what was admitted, with what people amended laid over it. */
  readonly request: ActionRequest
  readonly amendments: Effective['amendments']
  readonly authority: Authority
}

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
  return { record, ...effectiveRequest(deps, record), authority }
}

/** The contract a step, or its observation, was pinned to at admission. */
export function pinnedContract(admitted: Admitted, key: string): RegisteredContract | undefined {
  const pinned = admitted.record.contracts[key]
  return pinned && admitted.authority.contractByDigest(pinned.digest)
}

/** The key under which a step's observed tool is pinned. */
export function observationKey(step: string): string {
  return `${step}/observe`
}

/** The ledgered output of a committed step. */
export function outputOf({ record }: Admitted, step: string): JsonObject | null {
  return (
    record.outcomes.find((row) => row.step === step && row.phase === 'execute' && row.effect === 'committed')?.output ??
    null
  )
}

/** Steps of the plan that have not committed anything yet. */
export function remainingSteps({ record, request }: Admitted): Step[] {
  const at = (id: string) => (row: { step: string; phase: string }) => row.step === id && row.phase === 'execute'
  return request.plan.steps.filter(
    ({ id }) =>
      !record.outcomes.filter(at(id)).some(({ effect }) => effect === 'committed') &&
      !record.verifications.filter(at(id)).some(({ found }) => found === 'committed'),
  )
}
