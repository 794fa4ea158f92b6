import {
  afterCall,
  type Breaker,
  closedBreaker,
  type GatedCall,
  passBreaker,
  presentRate,
  settle,
  usualPerSecond,
} from './breaker.js'
import type { Limits } from './downstream-limits.js'
import { type Bucket, fullBucket, takeToken } from './token-bucket.js'

/** Where the limits of one downstream stand. */
export interface Standing {
  readonly bucket: Bucket
  readonly breaker: Breaker
}

export const atRest: Standing = { bucket: fullBucket, breaker: closedBreaker }

/** Nothing that a call of a downstream without a rate would have to wait for. */
export function isAtRest({ breaker }: Standing): boolean {
  return breaker.state === 'closed' && breaker.failures === 0 && breaker.closed_at === null
}

export interface Slot {
  readonly standing: Standing
  /** null: it is the call's turn now, and what it took is taken. */
  readonly waits: { readonly slot_at: number; readonly for: 'breaker' | 'rate' } | null
}

/** Whether a call may be made now: first what the breaker says, then the rate. Who waits takes nothing. */
export function takeSlot(
  before: Standing,
  limits: Limits,
  call: GatedCall & { readonly slot_at: number | null; readonly undoWaits: boolean },
  now: number,
): Slot {
  const { rate, breaker: rule } = limits
  const gate = rule
    ? passBreaker(settle(before.breaker, rule, now), call, call.undoWaits, now)
    : ({ open: true, breaker: closedBreaker } as const)
  if (!gate.open)
    return { standing: { ...before, breaker: gate.breaker }, waits: { slot_at: gate.retry_at, for: 'breaker' } }
  const present = presentRate(gate.breaker, rule, rate, now)
  // The one that tries goes at once: it is alone.
  if (!present || gate.breaker.probe) return { standing: { ...before, breaker: gate.breaker }, waits: null }
  const taken = takeToken(before.bucket, present, call.slot_at, now, rate?.per_second ?? usualPerSecond)
  if (!taken.go)
    return { standing: { bucket: taken.bucket, breaker: gate.breaker }, waits: { slot_at: taken.slot_at, for: 'rate' } }
  return { standing: { bucket: taken.bucket, breaker: gate.breaker }, waits: null }
}

/** What a call that was made leaves behind. */
export function noteCall(
  before: Standing,
  limits: Limits,
  made: { readonly call: string; readonly answered: boolean; readonly chance: number },
  now: number,
): { readonly standing: Standing; readonly change: 'open' | 'closed' | null } {
  if (!limits.breaker) return { standing: { ...before, breaker: closedBreaker }, change: null }
  const { breaker, change } = afterCall(before.breaker, limits.breaker, made, now)
  return { standing: { ...before, breaker }, change }
}
