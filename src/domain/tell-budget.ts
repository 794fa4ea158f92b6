import type { Measure } from './budget.js'
import { tellMoney } from './money.js'
import type { Rendering } from './rendered.js'
import type { Bounds } from './request.js'

/** Where a budget stands in a scope that a request counts for, before the request itself. */
export interface BudgetStanding {
  readonly name: string
  /** `agent agent:desk, target Invoice in_1`. */
  readonly scope: string
  readonly of: Measure
  /** Which money `spend_cents` counts; null for other measures, and for calls that cost nothing. */
  readonly currency: string | null
  readonly limit: number
  readonly used: number
  readonly left: number
  readonly window_ms: number
}

const words: ReadonlyMap<string, string> = new Map<Measure | keyof Bounds, string>([
  ['steps', 'steps'],
  ['calls', 'calls'],
  ['writes', 'changes'],
  ['spend_cents', 'money spent'],
  ['reported_tokens', 'tokens, as the agent reports them'],
  ['reported_cost_cents', 'money for the model, as the agent reports it'],
])

/** What a budget or a bound limits, for people: `changes`. */
export function tellMeasure(of: string): string {
  return words.get(of) ?? of
}

/** So much of a measure: `$1,234.50`, `1,234.50` where no currency is known, `1,234`. */
export function tellMeasured(of: string, value: number, currency: string | null): string {
  if (of !== 'spend_cents' && of !== 'reported_cost_cents') return value.toLocaleString('en-US')
  return tellMoney({ cents: value, currency: currency ?? '' }).trimEnd()
}

const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const

/** In the largest unit of which it is a whole number: `1 d`, `90 min`. */
export function tellWindow(ms: number): string {
  const [unit, length] = units.find(([, each]) => ms % each === 0) ?? ['ms', 1]
  return `${ms / length} ${unit}`
}

/** `$600.00 left, $400.00 of $1,000.00 used in 1 d (money spent)`. */
export function tellStanding({ of, currency, limit, used, left, window_ms }: BudgetStanding): string {
  const told = (value: number) => tellMeasured(of, value, currency)
  return `${told(left)} left, ${told(used)} of ${told(limit)} used in ${tellWindow(window_ms)} (${tellMeasure(of)})`
}

/** What a plan limits itself to, all currencies counted together: `steps 2, changes 1, money spent 50.00`; empty without. */
export function tellBounds(bounds: Rendering['bounds']): string {
  return bounds.map(({ name, limit }) => `${tellMeasure(name)} ${tellMeasured(name, limit, null)}`).join(', ')
}
