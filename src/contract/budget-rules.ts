import { type Budget, type Dimension, dimensions, isReported, type Measure, measures } from '../domain/budget.js'
import { durationMs } from './duration.js'
import type { Duration } from './tool.js'

/** How much may be done per scope, in any stretch of time of the length of `window`. */
export interface BudgetSettings {
  /** Lower case words joined by - or _; shown to whoever reaches the limit. */
  readonly name: string
  /**
   * Each combination that occurs has the limit for itself: `['owner']` adds up over all agents of an owner, `['agent',
   * 'tool']` over the calls of one tool by one agent. `target` is the resource that the contract names.
   */
  readonly per: readonly Dimension[]
  /** Of `spend_cents` each currency counts by itself. Reads count as `calls`, never as `writes`. */
  readonly of: Measure
  readonly limit: number
  readonly window: Duration
  /** Counts and limits calls of these tools only. */
  readonly tools?: readonly string[]
}

/** When the same call, repeated, is taken for a loop. */
export interface LoopSettings {
  /** How often the same call may be made in a session; 50 if left out. */
  readonly identicalCalls?: number
  /** In how long; `10m` if left out. */
  readonly window?: Duration
}

/** What bounds the calls of all requests together. */
export interface BudgetRules {
  readonly budgets: readonly Budget[]
  /** How far back `context.totals` reach. */
  readonly totalsWindowMs: number
  /** Null: no number of repetitions is taken for a loop. */
  readonly loops: { readonly identicalCalls: number; readonly windowMs: number } | null
}

interface Settings {
  readonly budgets?: readonly BudgetSettings[]
  readonly totals?: { readonly window?: Duration }
  readonly loops?: LoopSettings
}

const dayMs = 24 * 60 * 60 * 1_000
const defaultIdenticalCalls = 50

/** The settings with their defaults, in milliseconds. */
export function budgetRulesOf({ budgets = [], totals, loops }: Settings): BudgetRules {
  return {
    budgets: budgets.map(({ name, per, of, limit, window, tools }) => ({
      name,
      per,
      of,
      limit,
      window_ms: durationMs(window) ?? 0,
      tools: tools ?? null,
    })),
    totalsWindowMs: durationMs(totals?.window ?? '24h') ?? dayMs,
    loops: {
      identicalCalls: loops?.identicalCalls ?? defaultIdenticalCalls,
      windowMs: durationMs(loops?.window ?? '10m') ?? 0,
    },
  }
}

/** What is wrong with the settings, each in one line. */
export function budgetProblems({ budgets = [], totals, loops }: Settings): string[] {
  const problems: string[] = []
  const names = new Set<string>()
  for (const [index, budget] of budgets.entries()) {
    const at = `budgets: ${budget.name || index}`
    if (!/^[a-z][a-z0-9_-]*$/.test(budget.name)) problems.push(`${at}: the name is lower case words joined by - or _`)
    if (names.has(budget.name)) problems.push(`${at}: there are two of that name`)
    names.add(budget.name)
    problems.push(...oneBudget(budget).map((problem) => `${at}: ${problem}`))
  }
  if (!isLong(totals?.window ?? '24h')) problems.push('totals.window: a duration such as 24h')
  if (!isLong(loops?.window ?? '10m')) problems.push('loops.window: a duration such as 10m')
  if (!isWhole(loops?.identicalCalls ?? defaultIdenticalCalls))
    problems.push('loops.identicalCalls: a whole number, 1 at least')
  return problems
}

function oneBudget({ per, of, limit, window, tools }: BudgetSettings): string[] {
  const problems: string[] = []
  const unknown = per.filter((dimension) => !dimensions.includes(dimension))
  if (per.length === 0 || unknown.length > 0) problems.push(`per takes one or more of ${dimensions.join(', ')}`)
  if (new Set(per).size < per.length) problems.push('per names something twice')
  if (!measures.includes(of)) problems.push(`of is one of ${measures.join(', ')}`)
  if (!isWhole(limit)) problems.push('limit: a whole number, 1 at least')
  if (!isLong(window)) problems.push('window: a duration such as 24h')
  if (tools && tools.length === 0) problems.push('tools: name at least one, or leave it out')
  if (isReported(of) && (tools || per.includes('tool') || per.includes('target')))
    problems.push('what is reported belongs to no tool: count it per tenant, owner or agent')
  return problems
}

function isWhole(number: number): boolean {
  return Number.isSafeInteger(number) && number >= 1
}

function isLong(window: string): boolean {
  return (durationMs(window) ?? 0) > 0
}
