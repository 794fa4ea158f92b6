import { type Dimension, dimensions, isNear, type Measure } from '../domain/budget.js'
import { listBudgetEvents, type RecordedBudgetEvent } from '../ledger/queries/list-budget-events.js'
import { type BudgetUse, listBudgetUse } from '../ledger/queries/list-budgets.js'
import type { Caller, ControlPlane } from './control-plane.js'

/** Where one budget stands in one scope. */
export interface BudgetView extends Omit<BudgetUse, 'scope'> {
  readonly budget: string
  readonly of: Measure
  readonly scope: Readonly<Partial<Record<Dimension, string>>>
  readonly tools: readonly string[] | null
  readonly limit: number
  readonly window_ms: number
  readonly standing: 'room' | 'near' | 'used-up'
}

export type BudgetEventView = Omit<RecordedBudgetEvent, 'scope'> & Pick<BudgetView, 'scope'>

export interface BudgetsView {
  readonly items: readonly BudgetView[]
  /** The newest that came near a limit, or met one. */
  readonly events: readonly BudgetEventView[]
}

const newest = 20

/** Where the budgets of the deployment stand, in the caller's tenant. Agents see those that are counted per agent, and theirs only. */
export async function listBudgets(
  plane: Pick<ControlPlane, 'pool' | 'budgetRules'>,
  caller: Caller,
): Promise<BudgetsView> {
  const { tenant, principal } = caller
  const agent = principal.kind === 'person' ? null : principal.principal
  const budgets = (plane.budgetRules?.budgets ?? []).filter(({ per }) => agent === null || per.includes('agent'))
  const items: BudgetView[] = []
  for (const budget of budgets) {
    const { name, of, limit, window_ms, tools } = budget
    const named = dimensions.filter((dimension) => budget.per.includes(dimension))
    for (const { scope, ...use } of await listBudgetUse(plane.pool, tenant, budget, dimensions, agent)) {
      const standing = use.used >= limit ? 'used-up' : isNear(use.used, limit) ? 'near' : 'room'
      const values = Object.fromEntries(named.map((dimension, index) => [dimension, scope[index] ?? '']))
      items.push({ budget: name, of, scope: values, tools, limit, window_ms, ...use, standing })
    }
  }
  const events = await listBudgetEvents(plane.pool, tenant, agent, newest)
  return { items, events: events.map((event) => ({ ...event, scope: Object.fromEntries(event.scope) })) }
}
