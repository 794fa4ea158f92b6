import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Bucket, fullBucket, takeToken } from '../../src/domain/token-bucket.js'

const rates = fc.record({
  per_second: fc.double({ min: 0.1, max: 200, noNaN: true }),
  burst: fc.integer({ min: 1, max: 20 }),
})

/** Calls that come at their times, and again at the turns they are promised, some of them late. */
function play(rate: { per_second: number; burst: number }, arrivals: readonly number[], lateness: readonly number[]) {
  let bucket: Bucket = fullBucket
  const waiting = arrivals.map((at, index) => ({ at, slot_at: null as number | null, index }))
  const made: { at: number; index: number }[] = []
  for (let steps = 0; waiting.length > 0 && steps < 20_000; steps += 1) {
    waiting.sort((one, other) => one.at - other.at)
    const next = waiting.shift() as (typeof waiting)[number]
    const taken = takeToken(bucket, rate, next.slot_at, next.at)
    bucket = taken.bucket
    if (taken.go) made.push({ at: next.at, index: next.index })
    else {
      const late = lateness[steps % Math.max(lateness.length, 1)] ?? 0
      waiting.push({ ...next, slot_at: taken.slot_at, at: taken.slot_at + late })
    }
  }
  return { made, left: waiting.length }
}

const arrivals = fc.array(fc.double({ min: 0, max: 5_000, noNaN: true }), { minLength: 1, maxLength: 60 })
const lateness = fc.array(fc.double({ min: 0, max: 3_000, noNaN: true }), { maxLength: 10 })

test('in any span of time there are never more calls than a burst and the rate for as long', () => {
  fc.assert(
    fc.property(rates, arrivals, lateness, (rate, times, late) => {
      const { made } = play(rate, times, late)
      for (const [first, { at: from }] of made.entries())
        for (let last = first; last < made.length; last += 1) {
          const seconds = ((made[last] as { at: number }).at - from) / 1_000
          expect(last - first + 1).toBeLessThanOrEqual(rate.burst + seconds * rate.per_second + 1e-6)
        }
    }),
  )
})

test('every call gets its turn, however late it comes for it', () => {
  fc.assert(
    fc.property(rates, arrivals, lateness, (rate, times, late) => {
      const { made, left } = play(rate, times, late)
      expect(left).toBe(0)
      expect(made).toHaveLength(times.length)
    }),
  )
})

test('calls that come together are promised moments of their own, an interval apart to the millisecond', () => {
  fc.assert(
    fc.property(rates, fc.integer({ min: 2, max: 60 }), (rate, count) => {
      let bucket: Bucket = fullBucket
      let last = -Infinity
      for (let call = 0; call < count; call += 1) {
        const taken = takeToken(bucket, rate, null, 0)
        bucket = taken.bucket
        if (taken.go) continue
        expect(taken.slot_at - last).toBeGreaterThanOrEqual(1_000 / rate.per_second - 1)
        last = taken.slot_at
      }
    }),
  )
})

test('who comes on time is called in the order in which they came, but for what moments in whole milliseconds add up to', () => {
  fc.assert(
    fc.property(rates, arrivals, (rate, times) => {
      const { made } = play(rate, times, [])
      const order = times.map((at, index) => ({ at, index })).sort((one, other) => one.at - other.at)
      const overtaken = 1 + times.length / (1_000 / rate.per_second)
      for (const [place, { index }] of order.entries())
        expect(made.findIndex((call) => call.index === index) - place).toBeLessThanOrEqual(overtaken)
    }),
  )
})
