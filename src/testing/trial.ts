/** What came of one trial. A trial that could not be carried out does not hold. */
export interface TrialResult {
  readonly trial: string
  readonly result: 'holds' | 'does not hold' | 'not applicable'
  /** What was seen where it does not hold, or why it does not apply. */
  readonly seen: string | null
}

/** Thrown in a trial for what the contract does not promise: the reason. */
export class NotApplicable extends Error {}

/** Thrown in a trial for what was seen and may not be. */
export class DoesNotHold extends Error {}

/** Says what was seen, unless it is as it has to be. */
export function hold(condition: boolean, seen: string): asserts condition {
  if (!condition) throw new DoesNotHold(seen)
}
