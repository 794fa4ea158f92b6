import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { afterCall, type Breaker, closedBreaker, passBreaker, presentRate } from '../../src/domain/breaker.js'
import { usualBreaker } from '../../src/domain/downstream-limits.js'

const rule = {
  ...usualBreaker,
  failures: 3,
  within_ms: 1_000,
  open_ms: 500,
  longest_open_ms: 4_000,
  slow_start_ms: 2_000,
}
const call = (name: string, undo = false) => ({ call: name, undo, timeout_ms: 1_000 })
const failed = (breaker: Breaker, name: string, now: number) =>
  afterCall(breaker, rule, { call: name, answered: false, chance: 1 }, now)
const answered = (breaker: Breaker, name: string, now: number) =>
  afterCall(breaker, rule, { call: name, answered: true, chance: 1 }, now)
const opened = (now: number): Breaker =>
  ['a', 'b', 'c'].reduce((breaker, name) => failed(breaker, name, now).breaker, closedBreaker)

describe('a breaker', () => {
  test('opens on a run of calls without an answer, and not before', () => {
    const two = failed(failed(closedBreaker, 'a', 0).breaker, 'b', 10)
    expect(two).toMatchObject({ breaker: { state: 'closed', failures: 2 }, change: null })
    expect(failed(two.breaker, 'c', 20)).toMatchObject({ breaker: { state: 'open' }, change: 'open' })
  })

  test('stays closed where an answer, or time, lies between them', () => {
    const two = failed(failed(closedBreaker, 'a', 0).breaker, 'b', 10).breaker
    expect(failed(answered(two, 'x', 15).breaker, 'c', 20).change).toBeNull()
    expect(failed(two, 'c', 10 + rule.within_ms + 1).breaker).toMatchObject({ state: 'closed', failures: 1 })
  })

  test('is not closed, nor kept open, by calls that were sent before it opened', () => {
    const open = opened(0)
    expect(answered(open, 'd', 5).breaker).toEqual(open)
    expect(failed(open, 'd', 5).breaker).toEqual(open)
  })

  test('stays open for twice as long after each try that fails, up to its longest', () => {
    let breaker = opened(0)
    const lengths: number[] = []
    for (let now = breaker.retry_at; lengths.length < 6; now = breaker.retry_at) {
      const gate = passBreaker(breaker, call('p'), false, now)
      breaker = failed(gate.breaker, 'p', now).breaker
      lengths.push(breaker.retry_at - now)
    }
    expect(lengths).toEqual([1_000, 2_000, 4_000, 4_000, 4_000, 4_000])
  })

  test('lets an undo try before a new call, and not the other way round', () => {
    const open = opened(0)
    expect(passBreaker(open, call('new'), true, open.retry_at)).toMatchObject({ open: false })
    expect(passBreaker(open, call('undo', true), true, open.retry_at)).toMatchObject({ open: true })
  })

  test('lets nobody through for as long as it is open, and one at a time after that', () => {
    const callers = fc.array(
      fc.record({ name: fc.constantFrom('a', 'b', 'c', 'd', 'e'), undo: fc.boolean(), step: fc.nat(400) }),
    )
    fc.assert(
      fc.property(callers, (sequence) => {
        let breaker = opened(0)
        let now = 0
        let probe: { name: string; until: number } | null = null
        for (const { name, undo, step } of sequence) {
          now += step
          const gate = passBreaker(breaker, call(name, undo), false, now)
          breaker = gate.breaker
          if (!gate.open) continue
          expect(now).toBeGreaterThanOrEqual(opened(0).retry_at)
          if (probe && probe.name !== name) expect(now).toBeGreaterThanOrEqual(probe.until)
          probe = { name, until: now + 1_000 }
        }
      }),
    )
  })

  test('closes on the answer of the one that tried, and starts slowly: ever faster, up to the full rate', () => {
    const open = opened(0)
    const gate = passBreaker(open, call('p'), false, open.retry_at)
    const { breaker, change } = answered(gate.breaker, 'p', 10_000)
    expect(change).toBe('closed')
    const rate = { per_second: 40, burst: 10 }
    const at = (ms: number) => presentRate(breaker, rule, rate, 10_000 + ms)
    expect([at(0), at(500), at(1_000), at(2_000)]).toEqual([
      { per_second: 1, burst: 1 },
      { per_second: 10, burst: 1 },
      { per_second: 20, burst: 1 },
      rate,
    ])
    expect(presentRate(breaker, rule, null, 10_000)).toEqual({ per_second: 1, burst: 1 })
    expect(presentRate(breaker, rule, null, 12_000)).toBeNull()
  })
})
