import type { BudgetRules } from '../contract/budget-rules.js'
import type { Totals } from '../domain/budget.js'
import type { RegisteredContract } from '../domain/contract.js'
import type { JsonObject } from '../domain/json.js'
import type { ActionRequest, Step } from '../domain/request.js'
import type { Authorities, Authority } from '../identity/authority.js'
import type { VerifySignature } from '../identity/signing-key.js'
import type { ActionRecord } from '../ledger/action-record.js'
import type { Pool } from '../ledger/pool.js'
import type { CallRef } from '../ledger/queries/record-intent.js'
import type { Effective } from './amendments.js'
import { ofPresent, type Resolved, resolutionOf } from './generation.js'

/** What reading the evidence takes. */
export interface EvidenceDeps {
  readonly pool: Pool
  readonly authorities: Authorities
  readonly verifySignature: VerifySignature
  /** Groups declared in the configuration. */
  readonly groups: readonly string[]
  /** How far back the calls of an agent count as what it did before. */
  readonly sessionWindowMs: number
  /** What bounds all calls together; nothing, if left out. */
  readonly budgetRules?: BudgetRules
  /** Tells whoever runs the process; facts hold no secret. */
  readonly warn?: (facts: Readonly<Record<string, unknown>>, message: string) => void
  /** `one`: the deployment has declared that there is nobody else to ask, and marks what it approves itself. */
  readonly people?: 'one' | 'several'
  /** Who decides, beside the approvers of a tool, where a machine may not settle. */
  readonly attentionGroup?: string | undefined
}

/** An admitted request as the ledger has it, its digest recomputed from the stored bytes. */
export interface Admitted extends Resolved {
  readonly record: ActionRecord
  /** As it would run: what was admitted, with what people amended laid over it. */
  readonly request: ActionRequest
  readonly amendments: Effective['amendments']
  readonly authority: Authority
  /** What is used with each step, where that was looked up; elsewhere it is unknown. */
  readonly totals?: ReadonlyMap<string, Totals>
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
export function outputOf(admitted: Admitted, step: string): JsonObject | null {
  const call = { step, phase: 'execute' } as const
  return isCommitted(admitted, call) ? committedOutput(admitted, call) : null
}

/** Is a call known to have its effect: by its answer, by a look, or by what people decided? */
function isCommitted(admitted: Admitted, call: Pick<CallRef, 'step' | 'phase'>): boolean {
  const decided = resolutionOf(admitted, call)?.choice
  if (decided) return decided === 'happened' || decided === 'compensate'
  const { outcomes, verifications } = admitted.record
  const present = ofPresent(admitted, call)
  return (
    outcomes.some((row) => present(row) && row.effect === 'committed') ||
    verifications.some((row) => present(row) && row.found === 'committed')
  )
}

/** What a call returned or, where its answer was lost, what a look or a person gave back, or came late. */
export function committedOutput(admitted: Admitted, call: Pick<CallRef, 'step' | 'phase'>): JsonObject | null {
  const { outcomes, verifications, late_results } = admitted.record
  const present = ofPresent(admitted, call)
  const committed = outcomes.find((row) => present(row) && row.effect === 'committed')
  const found = verifications.find((row) => present(row) && row.found === 'committed')
  const late = late_results.find((row) => present(row) && row.effect === 'committed')
  return committed?.output ?? found?.output ?? resolutionOf(admitted, call)?.output ?? late?.output ?? null
}

/** Steps of the plan that have not committed anything yet. */
export function remainingSteps(admitted: Admitted): Step[] {
  return admitted.request.plan.steps.filter(({ id }) => !isCommitted(admitted, { step: id, phase: 'execute' }))
}

/** Those of them that no call was authorised for, in the generation they are in: what people can still be asked about. */
export function unbegunSteps(admitted: Admitted): Step[] {
  return remainingSteps(admitted).filter(
    ({ id }) => !admitted.record.intents.some(ofPresent(admitted, { step: id, phase: 'execute' })),
  )
}
