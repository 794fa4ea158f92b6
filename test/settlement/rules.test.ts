import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { DownstreamPromise } from '../../src/domain/contract.js'
import { nextMove } from '../../src/domain/execution.js'
import type { Effect } from '../../src/domain/lifecycle.js'
import {
  type Attempt,
  isDefiniteNo,
  type Look,
  longestPauseMs,
  settledBy,
  type Waiting,
  waiting,
} from '../../src/domain/settlement.js'

const promise = (changes: Partial<DownstreamPromise> = {}): DownstreamPromise => ({
  class: 'queryable',
  call_timeout_ms: 1_000,
  settling_ms: 5_000,
  read_after_write_ms: 2_000,
  ...changes,
})
/** An attempt that was answered, or not, so long ago. */
const tried = (effect: Attempt['effect'], ago_ms: number): Attempt => ({
  attempt: 1,
  effect,
  age_ms: ago_ms,
  answered_ms: effect === null ? null : ago_ms,
})
const look = (found: Effect, began_ms = 0): Look => ({ found, began_ms, age_ms: began_ms })
const unknownCall = (ago_ms: number, changes: Partial<DownstreamPromise> = {}) =>
  ({ claimed: 'unknown', attempts: [tried('unknown', ago_ms)], promise: promise(changes) }) as const
const claimedCall = (ago_ms: number, changes: Partial<DownstreamPromise> = {}) =>
  ({ claimed: 'committed', attempts: [tried('committed', ago_ms)], promise: promise(changes) }) as const

describe('what a look settles', () => {
  test('an effect that shows settles a call at once, whatever its class', () => {
    for (const name of ['idempotent-by-key', 'queryable', 'neither'] as const)
      expect(settledBy(look('committed'), unknownCall(0, { class: name }))).toBe('committed')
  })

  test('an absence settles it only once no request can still be applied, nor be applied and not show', () => {
    expect(settledBy(look('not-committed'), unknownCall(6_999))).toBeNull()
    expect(settledBy(look('not-committed'), unknownCall(7_000))).toBe('not-committed')
    // It is when the look began that counts.
    expect(settledBy(look('not-committed', 10), unknownCall(7_000))).toBeNull()
  })

  test('of a call without any answer, from its deadline on', () => {
    const silent = (ago_ms: number) =>
      ({ claimed: 'unknown', attempts: [tried(null, ago_ms)], promise: promise() }) as const
    expect(settledBy(look('not-committed'), silent(7_999))).toBeNull()
    expect(settledBy(look('not-committed'), silent(8_000))).toBe('not-committed')
  })

  test('where nothing was declared, a request may be applied for twice the deadline of a call', () => {
    const undeclared = { claimed: 'unknown', promise: { class: 'queryable', call_timeout_ms: 1_000 } } as const
    expect(settledBy(look('not-committed'), { ...undeclared, attempts: [tried('unknown', 1_999)] })).toBeNull()
    expect(settledBy(look('not-committed'), { ...undeclared, attempts: [tried('unknown', 2_000)] })).toBe(
      'not-committed',
    )
  })

  test('an absence never settles a call to what cannot be asked', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), (ago) => {
        expect(settledBy(look('not-committed'), unknownCall(ago, { class: 'neither' }))).toBeNull()
        expect(settledBy(look('not-committed'), claimedCall(ago, { class: 'neither' }))).toBeNull()
      }),
    )
  })

  test('what was answered is denied only once it would have to show', () => {
    for (const found of ['not-committed', 'diverged'] as const) {
      expect(settledBy(look(found), claimedCall(1_999))).toBeNull()
      expect(settledBy(look(found), claimedCall(2_000))).toBe(found)
    }
  })

  test('a look that could not say settles nothing', () => {
    expect(settledBy(look('unknown'), claimedCall(1e9))).toBeNull()
    expect(settledBy(look('unknown'), unknownCall(1e9))).toBeNull()
  })
})

describe('what follows a look', () => {
  const move = (name: DownstreamPromise['class'], attempts: readonly Attempt[], looks: readonly Look[] = []) =>
    nextMove(attempts, promise({ class: name, key_lifetime_ms: 60_000 }), looks)
  const four = (ago_ms: number) => [4, 3, 2, 1].map((n) => ({ ...tried('unknown', ago_ms + n), attempt: 5 - n }))

  test.each<[what: string, name: DownstreamPromise['class'], Attempt[], Look[], expected: string]>([
    ['a definite no: called again', 'queryable', [tried('unknown', 9_000)], [look('not-committed', 0)], 'call'],
    [
      'a no that came too early: looked up',
      'queryable',
      [tried('unknown', 6_000)],
      [look('not-committed', 0)],
      'look-up',
    ],
    [
      'a no from before the last try: looked up',
      'queryable',
      [tried('unknown', 9_000)],
      [look('not-committed', 9_500)],
      'look-up',
    ],
    ['a definite no after too many tries: looked up', 'queryable', four(9_000), [look('not-committed', 0)], 'look-up'],
    [
      'an unclear look, with a key that is honoured: once more',
      'idempotent-by-key',
      four(9_000),
      [look('unknown')],
      'call',
    ],
    [
      'an unclear look, with a key that is forgotten: looked up',
      'idempotent-by-key',
      four(59_000),
      [look('unknown')],
      'look-up',
    ],
    [
      'a no, with a key that is honoured: looked up',
      'idempotent-by-key',
      four(9_000),
      [look('not-committed')],
      'look-up',
    ],
    [
      'anything, where nothing is promised: left to people',
      'neither',
      [tried('unknown', 9_000)],
      [look('not-committed')],
      'give-up',
    ],
  ])('%s', (_, name, attempts, looks, expected) => {
    expect(move(name, attempts, looks)).toBe(expected)
  })
})

const promises: fc.Arbitrary<DownstreamPromise> = fc.record({
  class: fc.constantFrom('idempotent-by-key', 'queryable', 'neither'),
  key_lifetime_ms: fc.integer({ min: 1, max: 300_000 }),
  call_timeout_ms: fc.integer({ min: 1, max: 20_000 }),
  settling_ms: fc.integer({ min: 0, max: 60_000 }),
  read_after_write_ms: fc.integer({ min: 0, max: 10_000 }),
})
/** What happens to a call, each so long after the one before: a try that nobody got a clear answer to, or a look. */
const courses = fc.array(
  fc.record({
    after_ms: fc.integer({ min: 0, max: 40_000 }),
    what: fc.constantFrom('unanswered', 'unknown', 'look:unknown', 'look:not-committed'),
  }),
  { minLength: 1, maxLength: 25 },
)

describe('whatever is tried, answered and seen, in whatever order', () => {
  test('no class is called more often, or later, than it allows, and no unknown becomes a no by itself', () => {
    fc.assert(
      fc.property(promises, courses, (promised, course) => {
        let now = 0
        const sent: { at: number; answered: boolean }[] = []
        const seen: { at: number; found: Effect }[] = []
        const attempts = (): Attempt[] =>
          sent.map(({ at, answered }, index) => ({
            attempt: index + 1,
            age_ms: now - at,
            effect: answered ? 'unknown' : null,
            answered_ms: answered ? now - at : null,
          }))
        const looks = (): Look[] => seen.map(({ at, found }) => ({ found, began_ms: now - at, age_ms: now - at }))
        for (const { after_ms, what } of course) {
          now += after_ms
          if (what.startsWith('look:')) {
            if (sent.length === 0) continue
            const found = what.slice('look:'.length) as Effect
            const settled = settledBy(
              { found, began_ms: 0, age_ms: 0 },
              { claimed: 'unknown', attempts: attempts(), promise: promised },
            )
            if (settled === 'not-committed') {
              expect(promised.class).not.toBe('neither')
              const quiet = (promised.settling_ms ?? 0) + (promised.read_after_write_ms ?? 0)
              for (const { at } of sent) expect(now - at).toBeGreaterThanOrEqual(quiet)
            }
            seen.push({ at: now, found })
            continue
          }
          if (nextMove(attempts(), promised, looks()) !== 'call') continue
          const first = sent[0]
          if (first) {
            expect(promised.class).not.toBe('neither')
            if (promised.class === 'idempotent-by-key')
              expect(now - first.at + promised.call_timeout_ms).toBeLessThan(promised.key_lifetime_ms ?? 0)
            if (promised.class === 'queryable')
              expect(looks().some((each) => isDefiniteNo(each, attempts(), promised))).toBe(true)
          }
          sent.push({ at: now, answered: what === 'unknown' })
        }
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('the wait for the next look', () => {
  const waitAfter = (looks: number, ago_ms = 1e9, changes: Partial<DownstreamPromise> = {}, spread = 0.5) =>
    waiting({ ...unknownCall(ago_ms, changes), looks: Array(looks).fill(look('unknown')) }, spread) as Waiting

  test('grows with every look, to an hour', () => {
    const pauses = [1, 2, 3, 4, 10, 30].map((looks) => waitAfter(looks).after_ms)
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 512_000, longestPauseMs])
  })

  test('is no longer than until an absence counts', () => {
    expect(waitAfter(8, 6_900).after_ms).toBeLessThan(200)
    expect(waitAfter(8, 6_900).for).toBe('time')
  })

  test('differs between calls that were made together, by a quarter at most', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 1, max: 40 }), (spread, looks) => {
        const [pause, middle] = [waitAfter(looks, 1e9, {}, spread).after_ms, waitAfter(looks).after_ms]
        expect(Math.abs(pause - middle)).toBeLessThanOrEqual(middle / 4 + 1)
      }),
    )
  })

  test('is for a person once looks have not settled it, and at once where nobody can be asked', () => {
    expect([1, 2, 3, 4].map((looks) => waitAfter(looks).for)).toEqual(['time', 'time', 'time', 'person'])
    expect(waitAfter(1, 1e9, { class: 'neither' }).for).toBe('person')
  })

  test('is for time where a call that nobody can be asked about was answered, until looks have not confirmed it', () => {
    const confirming = (looks: number) =>
      waiting({ ...claimedCall(1e9, { class: 'neither' }), looks: Array(looks).fill(look('unknown')) }, 0.5)?.for
    expect([1, 3, 4].map(confirming)).toEqual(['time', 'time', 'person'])
  })

  test('is none where nobody looked since the newest attempt and a look would count now; a person is not asked before', () => {
    const before = Array<Look>(6).fill(look('not-committed', 60_000))
    const attempts = [tried('unknown', 90_000), { ...tried(null, 40_000), attempt: 2 }]
    const again = { ...unknownCall(0), attempts, looks: before }
    expect(waiting(again, 0.5)).toBeNull()
    expect(waiting({ ...again, looks: [...before, look('unknown', 10)] }, 0.5)?.for).toBe('person')
    // What it would find says nothing yet.
    const young = { ...again, attempts: [tried('unknown', 90_000), { ...tried(null, 2_000), attempt: 2 }] }
    expect(waiting(young, 0.5)?.for).toBe('time')
  })

  test('is for no person while it may still settle by itself', () => {
    expect(waitAfter(12, 3_000).for).toBe('time')
  })

  test('is none before the first look, nor once a call is answered that only earlier looks were at', () => {
    expect(waiting({ ...unknownCall(1e9), looks: [] }, 0.5)).toBeNull()
    const [answered_ms, before] = [500, Array<Look>(8).fill(look('not-committed', 600))]
    const answered = { ...claimedCall(answered_ms), looks: before }
    expect(waiting(answered, 0.5)).toBeNull()
    const looked = { ...answered, looks: [...before, look('unknown', 400)] }
    expect(waiting(looked, 0.5)).toMatchObject({ for: 'time', after_ms: 600 })
  })
})
