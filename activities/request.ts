import { ApplicationFailure } from '@temporalio/common'
import { digestBytes } from '../src/digest.js'
import type { ActionRef } from '../src/domain/activities.js'
import type { ActionRequest, Step } from '../src/domain/request.js'
import type { Authorities, Authority } from '../src/identity/authority.js'
import type { VerifySignature } from '../src/identity/signing-key.js'
import type { ActionRecord } from '../src/ledger/action-record.js'
import type { Pool } from '../src/ledger/pool.js'
import { loadAction } from '../src/ledger/queries/load-action.js'

/** What every stage works with. */
export interface StageDeps {
  readonly pool: Pool
  readonly authorities: Authorities
  readonly verifySignature: VerifySignature
  /** Groups declared in the configuration. */
  readonly groups: readonly string[]
}

/** An admitted request as the ledger has it, its digest recomputed from the stored bytes. */
export interface Admitted {
  readonly record: ActionRecord
  readonly request: ActionRequest
  readonly authority: Authority
}

/** Loads what was admitted; null if nothing was. A digest that does not fit its bytes is never acted on. */
export async function loadAdmitted(deps: StageDeps, ref: ActionRef): Promise<Admitted | null> {
  const record = await loadAction(deps.pool, ref)
  if (!record) return null
  if (digestBytes(record.request) !== record.request_digest) {
    throw ApplicationFailure.create({ message: 'the admitted bytes do not have the admitted digest', type: 'EXQ-9001' })
  }
  const authority = await deps.authorities.at(ref.tenant, record.authority_revision)
  return { record, request: JSON.parse(record.request) as ActionRequest, authority }
}

/** Like {@link loadAdmitted}, where a missing request is a failure of the caller. */
export async function requireAdmitted(deps: StageDeps, ref: ActionRef): Promise<Admitted> {
  const admitted = await loadAdmitted(deps, ref)
  if (!admitted) throw ApplicationFailure.nonRetryable('no admitted request has this id', 'EXQ-6001')
  return admitted
}

export function stepOf(request: ActionRequest, id: string): Step {
  const step = request.plan.steps.find((step) => step.id === id)
  if (!step) throw ApplicationFailure.nonRetryable(`the plan has no step ${id}`, 'EXQ-6001')
  return step
}
