import { digest } from '../digest.js'
import { promiseFor } from '../domain/execution.js'
import type { Effect } from '../domain/lifecycle.js'
import { type Attempt, type CallInDoubt, type Look, type Waiting, waiting } from '../domain/settlement.js'
import type { IntentRow } from '../ledger/action-record.js'
import type { CallRef } from '../ledger/queries/record-intent.js'
import { type Admitted, observationKey, pinnedContract } from './admitted.js'
import { type CallOf, ofPresent } from './generation.js'

/** The intent of exactly this call, where one was written. */
export function intentOf(
  { record }: Pick<Admitted, 'record'>,
  { step, phase, generation }: Pick<CallRef, 'step' | 'phase' | 'generation'>,
): IntentRow | undefined {
  return record.intents.find((row) => row.step === step && row.phase === phase && row.generation === generation)
}

/** The attempts of a call in its present generation, each with what it came to. */
export function attemptsOf(admitted: Admitted, call: CallOf): Attempt[] {
  const { record } = admitted
  const present = ofPresent(admitted, call)
  return record.attempts.filter(present).map(({ attempt, age_ms }) => {
    const outcome = record.outcomes.find((row) => present(row) && row.attempt === attempt)
    return { attempt, age_ms, effect: outcome?.effect ?? null, answered_ms: outcome?.age_ms ?? null }
  })
}

/** The newest looks at what a call came to, in its present generation, oldest first. */
export function looksOf(admitted: Admitted, call: CallOf): Look[] {
  return admitted.record.looks.filter(ofPresent(admitted, call))
}

/** A call and its contract's promise, for the rules of settlement; null where its contract is not known. */
export function inDoubt(admitted: Admitted, call: CallOf, claimed: Effect | 'none'): CallInDoubt | null {
  const contract = pinnedContract(admitted, call.phase === 'observe' ? observationKey(call.step) : call.step)?.contract
  if (!contract) return null
  return {
    claimed: claimed === 'committed' ? claimed : 'unknown',
    attempts: attemptsOf(admitted, call),
    looks: looksOf(admitted, call),
    promise: promiseFor(contract, call.phase),
  }
}

/**
 * When the call is looked at next; null before the first look, and once an answer has arrived that no look has followed:
 * then it is looked at now.
 */
export function waitingFor(admitted: Admitted, call: CallOf, doubt: CallInDoubt): Waiting | null {
  const last = doubt.looks.at(-1)
  const arrived = admitted.record.late_results.filter(ofPresent(admitted, call))
  if (last && arrived.some(({ age_ms }) => age_ms < last.began_ms)) return null
  return waiting(doubt, spreadOf(admitted.record.id, call, doubt.looks.length))
}

/** From 0 to 1; the same for the same look. */
function spreadOf(action: string, { step, phase }: CallOf, looks: number): number {
  return Number.parseInt(digest({ action, step, phase, looks }).slice(-4), 16) / 0xffff
}
