import type { Contract, DownstreamPromise } from './contract.js'
import type { Phase } from './lifecycle.js'

/** One try as the ledger knows it. */
export interface Attempt {
  readonly attempt: number
  /** Age since the attempt was written, by the ledger's clock, in milliseconds. */
  readonly age_ms: number
  /** null: no answer was recorded, so nobody knows. */
  readonly effect: 'committed' | 'not-committed' | 'unknown' | null
}

/** What an executor may do next with a step whose intent stands. */
export type Move = 'settled' | 'call' | 'look-up' | 'wait' | 'give-up'

/** What is promised about the calls of a phase: undoing may be another call of another system than doing. */
export function promiseFor(
  { downstream, undo }: Pick<Contract, 'downstream' | 'undo'>,
  phase: Phase,
): DownstreamPromise {
  return phase === 'compensate' ? (undo ?? downstream) : downstream
}

/** Tries of one step before its unknown outcome is handed on. */
export const maxAttempts = 4

/**
 * What may follow, by the downstream's class. A definite answer settles it. After an unknown one, the same key is sent
 * again only while the downstream surely honours it, a queryable system is asked, and anything else is left to people.
 */
export function nextMove(attempts: readonly Attempt[], downstream: DownstreamPromise): Move {
  if (attempts.some(({ effect }) => effect === 'committed' || effect === 'not-committed')) return 'settled'
  const first = attempts[0]
  if (!first) return 'call'
  const exhausted = attempts.length >= maxAttempts
  const open = attempts.some(({ effect, age_ms }) => effect === null && age_ms < downstream.call_timeout_ms)
  switch (downstream.class) {
    case 'read':
      if (!exhausted) return 'call'
      return open ? 'wait' : 'give-up'
    case 'idempotent-by-key': {
      const honoured = first.age_ms + 2 * downstream.call_timeout_ms < (downstream.key_lifetime_ms ?? 0)
      if (honoured && !exhausted) return 'call'
      return open ? 'wait' : 'look-up'
    }
    case 'queryable':
      return open ? 'wait' : 'look-up'
    case 'neither':
      return open ? 'wait' : 'give-up'
  }
}
