import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { DownstreamPromise } from '../../src/domain/contract.js'
import { type Attempt, maxAttempts, nextMove } from '../../src/domain/execution.js'

const effects = fc.constantFrom<Attempt['effect']>('committed', 'not-committed', 'unknown', null)
const unsettled = fc.constantFrom<Attempt['effect']>('unknown', null)

/** Attempts as the ledger gives them: numbered from 1, the oldest first. */
const tries = (of: fc.Arbitrary<Attempt['effect']>, minLength = 0): fc.Arbitrary<Attempt[]> =>
  fc
    .array(fc.record({ age_ms: fc.integer({ min: 0, max: 200_000 }), effect: of }), { minLength, maxLength: 6 })
    .map((all) => all.sort((a, b) => b.age_ms - a.age_ms).map((attempt, index) => ({ ...attempt, attempt: index + 1 })))

const downstreams: fc.Arbitrary<DownstreamPromise> = fc.record({
  class: fc.constantFrom('read', 'idempotent-by-key', 'queryable', 'neither'),
  key_lifetime_ms: fc.integer({ min: 1, max: 300_000 }),
  call_timeout_ms: fc.integer({ min: 1, max: 20_000 }),
})
const of = (name: DownstreamPromise['class']) => downstreams.map((downstream) => ({ ...downstream, class: name }))

describe('the next move of an executor', () => {
  test('is the call, where nothing was tried yet', () => {
    fc.assert(
      fc.property(downstreams, (downstream) => {
        expect(nextMove([], downstream)).toBe('call')
      }),
    )
  })

  test('is never a call after a definite answer, whatever else was answered', () => {
    fc.assert(
      fc.property(tries(effects, 1), downstreams, (attempts, downstream) => {
        const definite = attempts.some(({ effect }) => effect === 'committed' || effect === 'not-committed')
        expect(nextMove(attempts, downstream) === 'settled').toBe(definite)
      }),
    )
  })

  test('is never a second call of a downstream that promises nothing, or that has to be asked', () => {
    fc.assert(
      fc.property(tries(unsettled, 1), fc.oneof(of('neither'), of('queryable')), (attempts, downstream) => {
        expect(nextMove(attempts, downstream)).not.toBe('call')
      }),
    )
  })

  test('is never a call that could still be under way when the key is forgotten', () => {
    fc.assert(
      fc.property(tries(unsettled, 1), of('idempotent-by-key'), (attempts, downstream) => {
        const first = attempts[0] as Attempt
        if (nextMove(attempts, downstream) !== 'call') return
        expect(first.age_ms + downstream.call_timeout_ms).toBeLessThan(downstream.key_lifetime_ms ?? 0)
      }),
    )
  })

  test('never leads to more calls than there may be', () => {
    fc.assert(
      fc.property(tries(unsettled, maxAttempts), downstreams, (attempts, downstream) => {
        expect(nextMove(attempts, downstream)).not.toBe('call')
      }),
    )
  })

  test('waits for an answer that may still come before it asks or gives up', () => {
    fc.assert(
      fc.property(tries(unsettled, 1), downstreams, (attempts, downstream) => {
        const open = attempts.some(({ effect, age_ms }) => effect === null && age_ms < downstream.call_timeout_ms)
        expect(['call', open ? 'wait' : 'look-up', open ? 'wait' : 'give-up']).toContain(nextMove(attempts, downstream))
      }),
      { numRuns: 500 },
    )
  })

  test('after the deadline, looks a queryable call up and leaves any other to people', () => {
    const silent: Attempt[] = [{ attempt: 1, age_ms: 1000, effect: null }]
    expect(nextMove(silent, { class: 'queryable', call_timeout_ms: 1000 })).toBe('look-up')
    expect(nextMove(silent, { class: 'neither', call_timeout_ms: 1000 })).toBe('give-up')
  })

  test('sends the same key again while it is surely honoured, and looks up once it is not', () => {
    const downstream = { class: 'idempotent-by-key', key_lifetime_ms: 10_000, call_timeout_ms: 1000 } as const
    expect(nextMove([{ attempt: 1, age_ms: 7999, effect: 'unknown' }], downstream)).toBe('call')
    expect(nextMove([{ attempt: 1, age_ms: 8000, effect: 'unknown' }], downstream)).toBe('look-up')
  })

  test('trusts no key whose lifetime nobody declared', () => {
    const attempts: Attempt[] = [{ attempt: 1, age_ms: 0, effect: 'unknown' }]
    expect(nextMove(attempts, { class: 'idempotent-by-key', call_timeout_ms: 1 })).toBe('look-up')
  })

  test('reads again, but not for ever', () => {
    const failed = (count: number): Attempt[] =>
      Array.from({ length: count }, (_, index) => ({ attempt: index + 1, age_ms: 10, effect: 'unknown' }))
    expect(nextMove(failed(maxAttempts - 1), { class: 'read', call_timeout_ms: 1000 })).toBe('call')
    expect(nextMove(failed(maxAttempts), { class: 'read', call_timeout_ms: 1000 })).toBe('give-up')
  })
})
