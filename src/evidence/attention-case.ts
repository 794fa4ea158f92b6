import { digest } from '../digest.js'
import type { AttentionCase } from '../domain/attention.js'
import type { JsonObject } from '../domain/json.js'
import type { Effect } from '../domain/lifecycle.js'
import { verifiedEffect } from '../domain/verification.js'
import type { ActionRecord, AttentionRow } from '../ledger/action-record.js'
import { type Admitted, pinnedContract } from './admitted.js'
import { generationOf } from './generation.js'

type Call = Pick<AttentionRow, 'step' | 'phase' | 'generation'>

/** What answers and findings say of a call, without what people decided; null where nothing is recorded of it. */
export function seenEffect(record: Pick<ActionRecord, 'outcomes' | 'verifications'>, call: Call): Effect | null {
  const outcomes = record.outcomes.filter(isOf(call))
  const outcome = outcomes.find(({ effect }) => effect !== 'unknown') ?? outcomes.at(-1)
  const found = record.verifications.findLast(isOf(call))?.found
  const claimed = outcome?.effect ?? (found && 'unknown')
  if (!claimed) return null
  return found ? verifiedEffect(claimed, found) : claimed
}

/** What the choices about a call depend on; null where its contract is not known. */
export function caseOf(admitted: Admitted, row: AttentionRow): AttentionCase | null {
  const contract = pinnedContract(admitted, row.step)?.contract
  if (!contract) return null
  const { record } = admitted
  const unconfirmed = isUnconfirmed(record, row)
  return {
    reason: row.reason,
    phase: row.phase,
    effect: contract.effect,
    ended: record.outcome !== null,
    confirmed: seenEffect(record, row) === 'committed' && !unconfirmed,
    answered: unconfirmed || isAnswered(record, row),
    left: row.generation < generationOf(admitted, row.step, row.phase),
  }
}

/** Was it answered with yes, and has no look said so? A yes alone settles nothing. */
export function isUnconfirmed(record: ActionRecord, call: Call): boolean {
  return !record.verifications.some(isOf(call)) && seenEffect(record, call) === 'committed'
}

/** Did an answer come late that says it happened, and no look has denied that? */
function isAnswered({ late_results, verifications }: ActionRecord, call: Call): boolean {
  const denied = verifications.filter(isOf(call)).some(({ found }) => found === 'not-committed' || found === 'diverged')
  return !denied && late_results.filter(isOf(call)).some(({ effect }) => effect === 'committed')
}

/** What is known of a call when people are asked about it first. */
export function knownOf(record: ActionRecord, call: Call): JsonObject {
  const last = record.outcomes.filter(isOf(call)).at(-1)
  const finding = record.verifications.findLast(isOf(call))
  return {
    attempts: record.attempts.filter(isOf(call)).length,
    claimed: last?.effect ?? null,
    error: last?.error ? { ...last.error } : null,
    found: finding?.found ?? null,
    detail: finding?.detail ?? null,
  }
}

/** How much is recorded of one phase of a step; the ledger counts again when somebody decides on it. */
export function factsOf(
  record: Pick<ActionRecord, 'attempts' | 'outcomes' | 'verifications' | 'late_results'>,
  { step, phase }: Pick<Call, 'step' | 'phase'>,
): number {
  const at = (row: { step: string; phase: string }) => row.step === step && row.phase === phase
  const { attempts, outcomes, verifications, late_results } = record
  return [attempts, outcomes, verifications, late_results].reduce((sum, rows) => sum + [...rows].filter(at).length, 0)
}

/** Of all that is known of a call, as it is shown to whoever decides. */
export function stateDigest({ record }: Pick<Admitted, 'record'>, row: AttentionRow): string {
  const at = ({ step, phase }: { step: string; phase: string }) => step === row.step && phase === row.phase
  return digest({
    attention: row.id,
    intents: record.intents.filter(at).map(({ generation, args_digest }) => ({ generation, args_digest })),
    attempts: record.attempts.filter(at).map(({ generation, attempt }) => ({ generation, attempt })),
    outcomes: record.outcomes
      .filter(at)
      .map(({ generation, attempt, effect, output, error }) => ({ generation, attempt, effect, output, error })),
    verifications: record.verifications
      .filter(at)
      .map(({ generation, found, detail, observed }) => ({ generation, found, detail, observed })),
    late: record.late_results
      .filter(at)
      .map(({ generation, attempt, effect, output, error }) => ({ generation, attempt, effect, output, error })),
  })
}

function isOf({ step, phase, generation }: Call) {
  return (row: Call | { step: string; phase: string; generation: number }) =>
    row.step === step && row.phase === phase && row.generation === generation
}
