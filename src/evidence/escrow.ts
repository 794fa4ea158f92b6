import type { BudgetRules } from '../contract/budget-rules.js'
import {
  amountOf,
  type Budget,
  budgetsFor,
  type Dimension,
  dimensions,
  isReported,
  type Scope,
  scopeKey,
  scopeOf,
  type Totals,
  tellScope,
  totalsOf,
  type Used,
  unknownTotals,
  usedAfter,
  verdictOn,
} from '../domain/budget.js'
import type { Db } from '../ledger/pool.js'
import type { BudgetEvent } from '../ledger/queries/record-budget-events.js'
import { roomAgain, type Stretch, sumReported, sumReservations } from '../ledger/queries/sum-reservations.js'
import { type Admitted, type EvidenceDeps, observationKey, pinnedContract, unbegunSteps } from './admitted.js'
import { type PlannedCall, plannedCalls } from './planned-calls.js'

type EscrowDeps = Pick<EvidenceDeps, 'budgetRules'>

/** Where one call stands, before it is made. */
export interface Standing {
  readonly totals: Totals
  /** Why there is no room for it; null where there is. */
  readonly refusal: string | null
  readonly events: readonly BudgetEvent[]
}

const none: BudgetRules = { budgets: [], totalsWindowMs: 0, loops: null }

/** Which totals the policies in force read when they decide on this call. */
function totalsRead(admitted: Admitted, { step, contract }: PlannedCall): readonly Dimension[] {
  try {
    return admitted.authority
      .engineFor(contract, pinnedContract(admitted, observationKey(step)))
      .totalsRead(contract.contract)
  } catch {
    // A set that cannot be used denies, whatever is used.
    return []
  }
}

/** The budgets of the deployment that a call counts for. */
export function budgetsOf({ budgetRules = none }: EscrowDeps, { spender, amount, priced }: PlannedCall): Budget[] {
  // What is spent without saying how much counts for every budget of money.
  return budgetsFor(budgetRules.budgets, spender, priced ? amount : { ...amount, spend_cents: 1 })
}

/** The scopes that have to be held while it is decided on a call; none where nothing is shared with other calls. */
export function scopesToHold(deps: EscrowDeps, admitted: Admitted, call: PlannedCall): string[] {
  const budgets = budgetsOf(deps, call).filter(({ of }) => !isReported(of))
  const scopes = [
    ...budgets.map(({ per }) => scopeOf(per, call.spender)),
    ...totalsRead(admitted, call).map((dimension) => scopeOf([dimension], call.spender)),
  ]
  return [...new Set(scopes.map(scopeKey))]
}

/** Is a call bound by anything beyond its own plan? */
export function isBound(deps: EscrowDeps, admitted: Admitted, call: PlannedCall): boolean {
  return budgetsOf(deps, call).length > 0 || totalsRead(admitted, call).length > 0
}

/** A request with what would be used by each step that is not begun yet, as of now; what was begun is counted already. */
export async function withTotals(deps: EvidenceDeps, admitted: Admitted, round: number): Promise<Admitted> {
  const standings = await standingOf(deps, deps.pool, admitted, plannedCalls(admitted, unbegunSteps(admitted), round))
  return underStandings(admitted, standings)
}

/** A request with the totals of its calls. */
export function underStandings(admitted: Admitted, standings: ReadonlyMap<string, Standing>): Admitted {
  return { ...admitted, totals: new Map([...standings].map(([step, { totals }]) => [step, totals])) }
}

/**
 * Where the calls of a plan stand that are still to be made, each with those before it; in as few statements as it takes,
 * none where nothing is to be asked. `calls` are in the order of the plan.
 */
export async function standingOf(
  deps: EscrowDeps,
  db: Db,
  admitted: Admitted,
  calls: readonly PlannedCall[],
): Promise<ReadonlyMap<string, Standing>> {
  const { budgetRules = none } = deps
  const { tenant, id } = admitted.record
  const sums = new Sums()
  const questions = calls.map((call, index) => ({
    call,
    made: calls.slice(0, index + 1),
    read: totalsRead(admitted, call).map((dimension) => {
      const scope = scopeOf([dimension], call.spender)
      const { currency } = call.amount
      return { dimension, scope, at: sums.ask({ scope, currency, tools: null, window_ms: budgetRules.totalsWindowMs }) }
    }),
    budgets: budgetsOf(deps, call).map((budget) => {
      const scope = scopeOf(budget.per, call.spender)
      const stretch: Stretch = { ...budget, scope, currency: call.amount.currency }
      return { budget, stretch, at: isReported(budget.of) ? -1 : sums.ask(stretch) }
    }),
  }))
  const used = await sumReservations(db, tenant, sums.asked)
  const standings = new Map<string, Standing>()
  for (const { call, made, read, budgets } of questions) {
    const { currency } = call.amount
    const totals = read.map(
      ({ dimension, scope, at }) => [dimension, usedAfter(usedAt(used, at), scope, made, currency)] as const,
    )
    const events: BudgetEvent[] = []
    let refusal: string | null = null
    for (const { budget, stretch, at } of budgets) {
      const before = made.slice(0, -1).filter(({ spender }) => !budget.tools || budget.tools.includes(spender.tool))
      const [reported] = isReported(budget.of) ? await sumReported(db, tenant, id, [{ ...stretch, of: budget.of }]) : []
      const amount = reported ? reported.own : amountOf(budget.of, call.amount)
      const all = reported
        ? reported.total - reported.own
        : usedAfter(usedAt(used, at), stretch.scope, before, currency)[budget.of as keyof Used]
      const { fits, comesNear } = verdictOn(budget, all, amount)
      const event = {
        budget: budget.name,
        scope: stretch.scope,
        used: all,
        amount,
        most: budget.limit,
        window_ms: budget.window_ms,
      }
      if (!fits) {
        const needed = all + amount - budget.limit
        const again =
          isReported(budget.of) || amount > budget.limit
            ? null
            : await roomAgain(db, tenant, stretch, budget.of, needed)
        refusal ??= tellRefusal(budget, stretch.scope, all, amount, again)
        events.push({ kind: 'reached', ...event })
      } else if (comesNear) events.push({ kind: 'near', ...event })
    }
    if (!call.priced && (read.length > 0 || budgets.some(({ budget }) => budget.of === 'spend_cents')))
      refusal ??= `EXQ-1123 ${call.spender.tool} does not say what it spends, and a budget or a total counts it.`
    const known = new Map(totals)
    standings.set(call.step, {
      totals: totalsOf((dimension) => known.get(dimension) ?? unknownTotals[dimension]),
      refusal,
      events,
    })
  }
  return standings
}

/** Stretches to add up, each once. */
class Sums {
  readonly asked: Stretch[] = []
  private readonly places = new Map<string, number>()

  /** Where the answer will be. */
  ask({ scope, window_ms, tools, currency }: Stretch): number {
    const key = JSON.stringify([scope, window_ms, tools, currency])
    const place = this.places.get(key) ?? this.asked.push({ scope, window_ms, tools, currency }) - 1
    this.places.set(key, place)
    return place
  }
}

function usedAt(used: readonly Used[], at: number): Used {
  return used[at] ?? unknownTotals[dimensions[0]]
}

function tellRefusal(budget: Budget, scope: Scope, used: number, amount: number, again: string | null): string {
  const { name, of, limit, window_ms } = budget
  const room = again ? ` Room for it comes back at ${again}.` : ' Nobody knows when room comes back.'
  const asked = isReported(of) ? `${used + amount} are reported` : `${used} are used, ${amount} more were asked for`
  return `EXQ-1121 The budget ${name} (${tellScope(scope)}) allows ${limit} ${of} in ${tellWindow(window_ms)}; ${asked}.${
    amount > limit ? ' That is more than it ever allows.' : room
  }`
}

function tellWindow(ms: number): string {
  const units = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1_000],
  ] as const
  const [unit, length] =
    units.find(([unit, length]) => ms % length === 0 && (unit !== 'd' || ms > length)) ?? (['ms', 1] as const)
  return `${ms / length}${unit}`
}
