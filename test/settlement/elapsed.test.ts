import { afterEach, expect, test, vi } from 'vitest'
import type { ExecutorDeps } from '../../activities/call.js'
import { msSince, presentMoment } from '../../activities/elapsed.js'
import { giveCall, TooLate, type Use } from '../../activities/given-call.js'
import { refundInvoice } from '../_util/contracts.js'

afterEach(() => vi.useRealTimers())

/** Both clocks go on by so much. */
function pass(by: { readonly monotonic: number; readonly wall: number }): void {
  const wall = Date.now() + by.wall
  vi.advanceTimersByTime(by.monotonic)
  vi.setSystemTime(wall)
}

test.each([
  ['both go on', { monotonic: 700, wall: 700 }, 700],
  ['the machine is suspended', { monotonic: 0, wall: 60_000 }, 60_000],
  ['the wall clock is set back', { monotonic: 700, wall: -3_600_000 }, 700],
])('time that has passed is that of the clock that says more, where %s', (_what, by, ms) => {
  vi.useFakeTimers({ toFake: ['performance', 'Date', 'setTimeout', 'clearTimeout'] })
  const begun = presentMoment()
  pass(by)
  expect(msSince(begun)).toBe(ms)
})

test.each([
  ['monotonic', { monotonic: 0, wall: 60_000 }],
  ['wall', { monotonic: 60_000, wall: 0 }],
])(
  'a call whose machine was suspended past its deadline is not made, whichever clock stood still: the %s one',
  async (_which, by) => {
    vi.useFakeTimers({ toFake: ['performance', 'Date', 'setTimeout', 'clearTimeout'] })
    const startedAt = presentMoment()
    pass(by)
    const ref = { tenant: 'acme', action_id: 'act_1', step: 'step1', phase: 'execute', generation: 0 } as const
    const use = { ref, attempt: 1, key: 'key', purpose: 'call', request: {}, startedAt } as unknown as Use
    await expect(giveCall({} as ExecutorDeps, refundInvoice, use)).rejects.toThrow(TooLate)
  },
)
