import { type Budget, isReported, type Scope, scopeKey, scopeOf, tellScope } from '../domain/budget.js'
import type { BudgetStanding } from '../domain/tell-budget.js'
import { type Stretch, sumReported, sumReservations } from '../ledger/queries/sum-reservations.js'
import { type Admitted, type EvidenceDeps, remainingSteps } from './admitted.js'
import { budgetsOf } from './escrow.js'
import { plannedCalls } from './planned-calls.js'

/** The budgets that the steps count for that are still to be done, each scope and currency once, as of now. */
export async function touchedBudgets(deps: EvidenceDeps, admitted: Admitted, round: number): Promise<BudgetStanding[]> {
  const touched = new Map<string, { budget: Budget; scope: Scope; stretch: Stretch }>()
  for (const call of plannedCalls(admitted, remainingSteps(admitted), round)) {
    for (const budget of budgetsOf(deps, call)) {
      const scope = scopeOf(budget.per, call.spender)
      const { currency } = call.amount
      const stretch = { scope, currency, tools: budget.tools, window_ms: budget.window_ms }
      touched.set(`${budget.name} ${budget.of === 'spend_cents' ? currency : ''} ${scopeKey(scope)}`, {
        budget,
        scope,
        stretch,
      })
    }
  }
  const all = [...touched.values()]
  const { tenant, id } = admitted.record
  const counted = all.filter(({ budget }) => !isReported(budget.of))
  const reported = all.filter(({ budget }) => isReported(budget.of))
  const [sums, told] = await Promise.all([
    sumReservations(
      deps.pool,
      tenant,
      counted.map(({ stretch }) => stretch),
    ),
    sumReported(
      deps.pool,
      tenant,
      id,
      reported.map(({ budget, stretch }) => ({ ...stretch, of: budget.of })),
    ),
  ])
  const used = new Map<object, number>([
    ...counted.map((each, index) => [each, sums[index]?.[each.budget.of as 'calls'] ?? 0] as const),
    ...reported.map((each, index) => [each, told[index]?.total ?? 0] as const),
  ])
  return all.map((each) => {
    const { name, of, limit, window_ms } = each.budget
    const currency = of === 'spend_cents' ? each.stretch.currency : null
    const spent = used.get(each) ?? 0
    const left = Math.max(0, limit - spent)
    return { name, scope: tellScope(each.scope), of, currency, limit, used: spent, left, window_ms }
  })
}
