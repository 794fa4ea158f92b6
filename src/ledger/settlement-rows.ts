import type { JsonObject } from '../domain/json.js'
import type { Effect } from '../domain/lifecycle.js'
import type { CallRef } from './queries/record-intent.js'
import type { CallOutcome } from './queries/record-outcome.js'

interface FindingColumns extends Pick<CallRef, 'step' | 'phase' | 'generation'> {
  readonly found: Effect
  readonly detail: string | null
  /** What had to be found, and what was found; null where there was nothing to compare. */
  readonly claimed: JsonObject | null
  readonly observed: JsonObject | null
  /** The output that the look gave back, where the answer was lost. */
  readonly output: JsonObject | null
}

export interface VerificationRow extends FindingColumns {
  readonly verified_at: string
}

export interface LookRow extends FindingColumns {
  readonly looked_at: string
  readonly began_ms: number
  readonly age_ms: number
}

/** An answer that came when something else was recorded already. */
export interface LateResultRow extends CallOutcome, Pick<CallRef, 'step' | 'phase' | 'generation'> {
  readonly attempt: number
  readonly arrived_at: string
  readonly age_ms: number
}
