import { CancellationScope, condition, patched, sleep } from '@temporalio/workflow'
import type { EffectReport, StepRef } from '../src/domain/activities.js'
import { decisions, type EffectCall, runEffect } from './activity-proxies.js'
import type { Hints } from './messages.js'

// A report that came without anything in the ledger is not believed; the step is run again.
const disbeliefMs = 1_000
// A flood of hints may not fill the history: the more there were, the longer until the next one is followed.
const firstPauseMs = 1_000
const longestPauseMs = 60_000

/** A call and, where it changes something, the look at what it came to. */
export interface Settleable {
  readonly call: EffectCall
  readonly look: EffectCall | null
}

/**
 * Brings a call to what is known of it for good. What is unknown stays so, on durable timers, for as long as it takes: it is
 * looked at again, made again where its class allows that, and left to a person where no machine may settle it. What
 * comes next is what the ledger says, not what an activity answered.
 */
export async function settle(ref: StepRef, { call, look }: Settleable, hints: Hints): Promise<EffectReport> {
  const pause = pausesOf()
  const isDecided = async () => {
    const report = await decisions.readEffect(ref)
    return report.resolution !== undefined && isSettled(report, look)
  }
  for (let next = call; ; ) {
    await runUnless(isDecided, next, hints)
    let seen = hints.count()
    let report = await decisions.readEffect(ref)
    while (!isSettled(report, look)) {
      if (report.waits?.for === 'person') await decisions.openAttention({ ...ref, reason: reasonOf(report) })
      if (left(report) <= 0) break
      if (!(await hints.after(seen, left(report), report.waits?.reason ?? ''))) break
      await pause()
      seen = hints.count()
      report = await decisions.readEffect(ref)
    }
    if (isSettled(report, look)) return report
    const after = report.state === 'none' || !look ? call : look
    if (after === next && left(report) <= 0) await sleep(disbeliefMs, { summary: 'the ledger knows nothing new yet' })
    next = after
  }
}

/** Runs a call until it has an answer, or until people have decided meanwhile: whoever would make it may be gone for good. */
async function runUnless(isDecided: () => Promise<boolean>, call: EffectCall, hints: Hints): Promise<void> {
  const scope = new CancellationScope()
  let ended = false
  const running = scope
    .run(() => runEffect(call))
    .finally(() => {
      ended = true
    })
  let pauseMs = firstPauseMs
  for (let seen = hints.count(); !ended; ) {
    await condition(() => ended || hints.count() > seen)
    if (ended || !patched('people-decide-while-nobody-answers')) break
    seen = hints.count()
    if (await isDecided()) scope.cancel()
    else await condition(() => ended, pauseMs)
    pauseMs = Math.min(pauseMs * 2, longestPauseMs)
  }
  await running
}

/** Is this all that will be known of it? A call that is to be looked at is settled by what was found. */
function isSettled(report: EffectReport, look: EffectCall | null): boolean {
  const { state, verified, waits, closed, resolution } = report
  if (waits) return false
  if (resolution === 'leave') return true
  // What it rests on has to be looked at first.
  if (closed || report.look !== undefined) return true
  const toLookAt = look !== null && (state === 'committed' || state === 'unknown')
  return state !== 'none' && (verified || !toLookAt)
}

function reasonOf({ state }: EffectReport): 'diverged' | 'unknown' {
  return state === 'diverged' ? 'diverged' : 'unknown'
}

/** Until something is to be done about it again, in milliseconds. */
function left({ waits }: EffectReport): number {
  return waits?.after_ms ?? 0
}

/** Waits longer after each hint than after the one before; after the first not at all. */
export function pausesOf(): () => Promise<void> {
  let hinted = 0
  return async () => {
    const ms = Math.min(firstPauseMs * 2 ** (hinted - 1), longestPauseMs)
    if (hinted > 0) await sleep(ms, { summary: 'gathering further hints' })
    hinted += 1
  }
}
