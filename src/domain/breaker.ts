import type { BreakerRule, Rate } from './downstream-limits.js'

/** Times in milliseconds, by the ledger's clock. */
export interface Breaker {
  readonly state: 'closed' | 'open' | 'half-open'
  /** Calls in a row without an answer, while it is closed. */
  readonly failures: number
  readonly failed_at: number
  /** How often it opened without having been closed for long. */
  readonly openings: number
  /** When one call is let through. */
  readonly retry_at: number
  /** The one call that was let through, and until when it is waited for. */
  readonly probe: { readonly call: string; readonly until: number } | null
  /** When it closed, while it starts slowly. */
  readonly closed_at: number | null
}

export const closedBreaker: Breaker = {
  state: 'closed',
  failures: 0,
  failed_at: 0,
  openings: 0,
  retry_at: 0,
  probe: null,
  closed_at: null,
}

export interface GatedCall {
  readonly call: string
  readonly undo: boolean
  /** How long an answer is waited for, in milliseconds. */
  readonly timeout_ms: number
}

export type Gate =
  | { readonly open: true; readonly breaker: Breaker }
  | { readonly open: false; readonly breaker: Breaker; readonly retry_at: number }

/** How long those who are not the probe leave it before they ask again. */
const besideProbeMs = 1_000

/** Lets a call through, holds it back, or makes it the one that tries. Where an undo waits too, it is the one. */
export function passBreaker(before: Breaker, call: GatedCall, undoWaits: boolean, now: number): Gate {
  if (before.state === 'closed') return { open: true, breaker: before }
  const wait = (retry_at: number): Gate => ({ open: false, breaker: before, retry_at })
  if (before.state === 'open' && now < before.retry_at) return wait(before.retry_at)
  const { probe } = before
  if (probe && probe.call !== call.call && probe.until > now) return wait(Math.min(probe.until, now + besideProbeMs))
  if (undoWaits && !call.undo) return wait(now + besideProbeMs)
  const until = now + call.timeout_ms
  return { open: true, breaker: { ...before, state: 'half-open', probe: { call: call.call, until } } }
}

/**
 * What an answer, or that there was none, makes of it. `chance`, from 0 to 1, spreads when it is tried again. Calls that
 * were sent before it opened neither open it further nor close it.
 */
export function afterCall(
  before: Breaker,
  rule: BreakerRule,
  { call, answered, chance }: { readonly call: string; readonly answered: boolean; readonly chance: number },
  now: number,
): { readonly breaker: Breaker; readonly change: 'open' | 'closed' | null } {
  const isProbe = before.state === 'half-open' && before.probe?.call === call
  if (before.state !== 'closed' && !isProbe) return { breaker: before, change: null }
  const settled = settle(before, rule, now)
  if (answered) {
    if (!isProbe) return { breaker: { ...settled, failures: 0 }, change: null }
    return { breaker: { ...closedBreaker, openings: before.openings, closed_at: now }, change: 'closed' }
  }
  const inARow = now - settled.failed_at <= rule.within_ms ? settled.failures + 1 : 1
  if (!isProbe && inARow < rule.failures)
    return { breaker: { ...settled, failures: inARow, failed_at: now }, change: null }
  const openMs = Math.min(rule.open_ms * 2 ** Math.min(settled.openings, 20), rule.longest_open_ms)
  return {
    breaker: {
      ...closedBreaker,
      state: 'open',
      openings: settled.openings + 1,
      retry_at: now + openMs * (0.5 + chance / 2),
    },
    change: 'open',
  }
}

/** The same, without the slow start that is over. */
export function settle(breaker: Breaker, rule: BreakerRule, now: number): Breaker {
  if (breaker.closed_at === null || now - breaker.closed_at < rule.slow_start_ms) return breaker
  return { ...breaker, closed_at: null, openings: 0 }
}

/** Where no rate is declared, a slow start goes up to this. */
export const usualPerSecond = 50
const slowest = 1

/** The rate that holds now: while it starts slowly, a growing part of the declared one, without bursts. */
export function presentRate(breaker: Breaker, rule: BreakerRule | null, rate: Rate | null, now: number): Rate | null {
  if (breaker.closed_at === null || !rule) return rate
  const part = (now - breaker.closed_at) / rule.slow_start_ms
  if (part >= 1) return rate
  const full = rate?.per_second ?? usualPerSecond
  return { per_second: Math.max(full * part, Math.min(slowest, full)), burst: 1 }
}
