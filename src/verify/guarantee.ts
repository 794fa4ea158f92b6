import type { Venue } from './venue.js'

/** One thing that the README promises, tried on a running stack. It throws `DoesNotHold`, or `NotApplicable`. */
export interface Guarantee {
  readonly of: `G${number}`
  /** A sentence that holds, or does not. */
  readonly name: string
  /** For what takes its time: begun before all others. */
  readonly begin?: (venue: Venue) => Promise<void>
  readonly carryOut: (venue: Venue) => Promise<void>
}

/** What came of one of them. */
export interface VerifiedLine {
  readonly guarantee: string
  readonly name: string
  readonly result: 'holds' | 'does not hold' | 'not applicable'
  /** What was seen where it does not hold, or why it does not apply. */
  readonly seen: string | null
}

/** What `exq verify` found. */
export interface VerifyReport {
  readonly deployment: string
  readonly tools: readonly string[]
  readonly not_checked: readonly string[]
  readonly lines: readonly VerifiedLine[]
  readonly failed: readonly VerifiedLine[]
  /** What no verification of this kind can tell. */
  readonly cannot_check: readonly string[]
  readonly seconds: number
}
