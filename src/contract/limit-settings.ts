import {
  type BreakerRule,
  type LimitOverrides,
  type Limits,
  type Rate,
  usualBreaker,
} from '../domain/downstream-limits.js'
import { type Duration, durationMs } from './duration.js'

/** How fast a downstream is called, and when it is left alone. For each tenant by itself, over all executors. */
export interface LimitSettings {
  /** Calls per second, and how many at once; as many as per second, if left out, and one at least. */
  readonly rate?: { readonly perSecond: number; readonly burst?: number }
  /**
   * After so many calls in a row without an answer, `5` if left out, each within `within` (`30s`) of the one before,
   * calls wait: for `open` (`5s`), then one is let through, and after each that fails twice as long, up to `longest`
   * (`1m`). After it answered, calls come ever faster for `slowStart` (`30s`).
   */
  readonly breaker?: BreakerSettings | 'off'
}

interface BreakerSettings {
  readonly failures?: number
  readonly within?: Duration
  readonly open?: Duration
  readonly longest?: Duration
  readonly slowStart?: Duration
}

export type DownstreamSettings = Readonly<Record<string, LimitSettings>>

/** The settings as a contract has them; what is not declared is absent. */
export function limitsFrom({ rate, breaker }: LimitSettings): { rate?: Rate; breaker?: BreakerRule | 'off' } {
  return {
    ...(rate && {
      rate: { per_second: rate.perSecond, burst: rate.burst ?? Math.max(1, Math.floor(rate.perSecond)) },
    }),
    ...(breaker && { breaker: breaker === 'off' ? breaker : ruleOf(breaker) }),
  }
}

function ruleOf({ failures = usualBreaker.failures, within, open, longest, slowStart }: BreakerSettings): BreakerRule {
  const ms = (text: Duration | undefined, usual: number) => (text === undefined ? usual : (durationMs(text) ?? 0))
  return {
    failures,
    within_ms: ms(within, usualBreaker.within_ms),
    open_ms: ms(open, usualBreaker.open_ms),
    longest_open_ms: ms(longest, usualBreaker.longest_open_ms),
    slow_start_ms: ms(slowStart, usualBreaker.slow_start_ms),
  }
}

export function limitOverridesOf(settings: DownstreamSettings = {}): LimitOverrides {
  const of = (each: LimitSettings): Partial<Limits> => {
    const { rate, breaker } = limitsFrom(each)
    return { ...(rate && { rate }), ...(breaker && { breaker: breaker === 'off' ? null : breaker }) }
  }
  return Object.fromEntries(Object.entries(settings).map(([name, each]) => [name, of(each)]))
}

/** What is wrong with the settings, each in one line that begins with `at`. */
export function limitProblems(at: string, { rate, breaker }: LimitSettings): string[] {
  const problems: string[] = []
  const whole = (value: number | undefined) => value === undefined || (Number.isInteger(value) && value > 0)
  if (rate && !(rate.perSecond >= 0.001 && rate.perSecond <= 100_000))
    problems.push(`${at}.rate.perSecond: a number from 0.001 to 100000`)
  if (!whole(rate?.burst)) problems.push(`${at}.rate.burst: a whole number, 1 at least`)
  if (breaker === undefined || breaker === 'off') return problems
  if (!whole(breaker.failures)) problems.push(`${at}.breaker.failures: a whole number, 1 at least`)
  for (const [name, text] of Object.entries(breaker)) {
    if (name !== 'failures' && !((durationMs(String(text)) ?? 0) > 0))
      problems.push(`${at}.breaker.${name}: a duration such as 5s`)
  }
  return problems
}

export function downstreamProblems(settings: DownstreamSettings = {}): string[] {
  return Object.entries(settings).flatMap(([name, each]) => limitProblems(`downstreams.${name}`, each))
}
