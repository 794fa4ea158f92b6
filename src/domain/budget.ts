/** What a budget can be counted per; the scope of a call names them in this order. */
export const dimensions = ['tenant', 'owner', 'agent', 'tool', 'target'] as const
export type Dimension = (typeof dimensions)[number]

/**
 * What a budget limits. `spend_cents` counts each currency by itself. The reported ones rest on what callers say of
 * their own models, and on nothing else.
 */
export const measures = ['calls', 'writes', 'spend_cents', 'reported_tokens', 'reported_cost_cents'] as const
export type Measure = (typeof measures)[number]

/** How much may be done per scope, in any stretch of time of that length. */
export interface Budget {
  readonly name: string
  readonly per: readonly Dimension[]
  readonly of: Measure
  readonly limit: number
  readonly window_ms: number
  /** Only calls of these tools count, and are held back; null for all. */
  readonly tools: readonly string[] | null
}

/** Whom a call counts for. `target` is the resource, `Invoice in_1`; `owner` is empty for an agent without one. */
export type Spender = Readonly<Record<Dimension, string>>

/** What one call takes; `spend_cents` is in `currency`, and 0 where that is null. */
export interface Amount {
  readonly calls: number
  readonly writes: number
  readonly spend_cents: number
  readonly currency: string | null
}

/** What is used of something, reserved amounts included. */
export type Used = Readonly<Record<'calls' | 'writes' | 'spend_cents', number>>

/** What the policy sees as `context.totals`: the present call included. */
export type Totals = Readonly<Record<Dimension, Used>>

export type Scope = readonly (readonly [Dimension, string])[]

/** The dimensions of a spender that something is counted per, in the fixed order. */
export function scopeOf(per: readonly Dimension[], spender: Spender): Scope {
  return dimensions.filter((dimension) => per.includes(dimension)).map((dimension) => [dimension, spender[dimension]])
}

/** Names a scope: different scopes never have the same key. */
export function scopeKey(scope: Scope): string {
  return JSON.stringify(scope)
}

/** `agent agent:desk, target Invoice in_1`, for people. */
export function tellScope(scope: Scope): string {
  return scope.map(([dimension, value]) => `${dimension} ${value || '(none)'}`).join(', ')
}

export function isReported(measure: Measure): measure is 'reported_tokens' | 'reported_cost_cents' {
  return measure === 'reported_tokens' || measure === 'reported_cost_cents'
}

/** How much of a measure a call takes. What is reported was used up before the call. */
export function amountOf(measure: Measure, amount: Amount): number {
  return isReported(measure) ? 0 : amount[measure]
}

/** The budgets that a call counts for. */
export function budgetsFor(budgets: readonly Budget[], { tool }: Pick<Spender, 'tool'>, amount: Amount): Budget[] {
  return budgets.filter(
    ({ of, tools }) => (tools === null || tools.includes(tool)) && (isReported(of) || amountOf(of, amount) > 0),
  )
}

/** Has somebody to be told, from so much of the limit on: 80 %. */
export function isNear(used: number, limit: number): boolean {
  return used * 5 >= limit * 4
}

/** Whether an amount fits, and whether it is the one that comes near the limit. */
export function verdictOn(
  { limit }: Pick<Budget, 'limit'>,
  before: number,
  amount: number,
): { readonly fits: boolean; readonly comesNear: boolean } {
  const after = before + amount
  return { fits: after <= limit, comesNear: after <= limit && isNear(after, limit) && !isNear(before, limit) }
}

const unused: Used = { calls: 0, writes: 0, spend_cents: 0 }

/** Nothing was used; for our own services, which no total holds back. */
export const noTotals: Totals = totalsOf(() => unused)

/** Where nothing is known, everything may have been used: what is not known never widens what may be done. */
export const unknownTotals: Totals = totalsOf(() => ({
  calls: Number.MAX_SAFE_INTEGER,
  writes: Number.MAX_SAFE_INTEGER,
  spend_cents: Number.MAX_SAFE_INTEGER,
}))

export function totalsOf(used: (dimension: Dimension) => Used): Totals {
  return Object.fromEntries(dimensions.map((dimension) => [dimension, used(dimension)])) as Totals
}

/** A call of a plan that the ledger does not count yet, the present one too. */
export interface Planned {
  readonly spender: Spender
  readonly amount: Amount
}

/** What is used of a scope once these calls are made too; amounts of other currencies than `currency` are left out. */
export function usedAfter(used: Used, scope: Scope, calls: readonly Planned[], currency: string | null): Used {
  return calls
    .filter(({ spender }) => scope.every(([dimension, value]) => spender[dimension] === value))
    .reduce(
      (sum, { amount }) => ({
        calls: add(sum.calls, amount.calls),
        writes: add(sum.writes, amount.writes),
        spend_cents: add(sum.spend_cents, amount.currency === currency ? amount.spend_cents : 0),
      }),
      used,
    )
}

function add(one: number, other: number): number {
  return Math.min(Number.MAX_SAFE_INTEGER, one + other)
}
