import type { Contract, DownstreamPromise } from './contract.js'
import type { Phase } from './lifecycle.js'
import { type Attempt, isDefiniteNo, type Look } from './settlement.js'

export type { Attempt }

/** What an executor may do next with a step whose intent stands. */
export type Move = 'settled' | 'call' | 'look-up' | 'wait' | 'give-up'

/** What is promised about the calls of a phase: undoing may be another call of another system than doing. */
export function promiseFor(
  { downstream, undo }: Pick<Contract, 'downstream' | 'undo'>,
  phase: Phase,
): DownstreamPromise {
  return phase === 'compensate' ? (undo ?? downstream) : downstream
}

/** Tries of one step in a row before it is looked at what became of them. */
export const maxAttempts = 4

/**
 * What may follow, by the downstream's class. A definite answer settles it. After an unknown one, the same key is sent
 * again only while the downstream surely honours it: some tries in a row, then one more after each look that could not
 * say. What can be asked is asked, and called again only after a definite no. Anything else is left to people.
 */
export function nextMove(
  attempts: readonly Attempt[],
  downstream: DownstreamPromise,
  looks: readonly Look[] = [],
): Move {
  if (attempts.some(({ effect }) => effect === 'committed' || effect === 'not-committed')) return 'settled'
  const first = attempts[0]
  if (!first) return 'call'
  const exhausted = attempts.length >= maxAttempts
  const open = attempts.some((attempt) => isOpen(attempt, downstream))
  switch (downstream.class) {
    case 'read':
      if (!exhausted) return 'call'
      return open ? 'wait' : 'give-up'
    case 'idempotent-by-key': {
      const honoured = first.age_ms + 2 * downstream.call_timeout_ms < (downstream.key_lifetime_ms ?? 0)
      const blind = looks.filter(({ found }) => found === 'unknown').length
      if (honoured && attempts.length < maxAttempts + blind) return 'call'
      return open ? 'wait' : 'look-up'
    }
    case 'queryable': {
      if (open) return 'wait'
      const absent = looks.some((look) => isDefiniteNo(look, attempts, downstream))
      return absent && !exhausted ? 'call' : 'look-up'
    }
    case 'neither':
      return open ? 'wait' : 'give-up'
  }
}

/** May an answer to this attempt still be recorded? */
export function isOpen({ effect, age_ms }: Attempt, { call_timeout_ms }: DownstreamPromise): boolean {
  return effect === null && age_ms < call_timeout_ms
}
