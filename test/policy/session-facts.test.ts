import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { kindsRead, mostCalls, readKinds, sessionBefore } from '../../src/domain/session.js'

const nothing = { calls: 0, read_untrusted: false, read_sensitive: false }

describe('what a step comes after', () => {
  test('is all that could be, where nothing is known', () => {
    expect(sessionBefore(undefined, [])).toEqual({ calls: mostCalls, read_untrusted: true, read_sensitive: true })
  })

  test('holds the earlier steps of its plan, each counted once', () => {
    const earlier = [
      { reads: ['untrusted'], intended: true },
      { reads: ['sensitive'], intended: false },
    ] as const
    expect(sessionBefore({ ...nothing, calls: 1 }, earlier)).toEqual({
      calls: 2,
      read_untrusted: true,
      read_sensitive: true,
    })
  })

  test('only ever grows with what is known and what comes before it', () => {
    const facts = fc.record({ calls: fc.nat(mostCalls), read_untrusted: fc.boolean(), read_sensitive: fc.boolean() })
    const steps = fc.array(fc.record({ reads: fc.subarray([...readKinds]), intended: fc.boolean() }))
    fc.assert(
      fc.property(facts, steps, steps, (known, earlier, more) => {
        const [less, all] = [sessionBefore(known, earlier), sessionBefore(known, [...earlier, ...more])]
        expect(all.calls).toBeGreaterThanOrEqual(less.calls)
        expect(all.calls).toBeLessThanOrEqual(mostCalls)
        expect(kindsRead(all)).toEqual(expect.arrayContaining(kindsRead(less)))
        expect(kindsRead(less)).toEqual(expect.arrayContaining(kindsRead(known)))
      }),
    )
  })
})
