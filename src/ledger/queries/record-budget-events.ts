import type { Scope } from '../../domain/budget.js'
import type { Db } from '../pool.js'

export interface BudgetEvent {
  /** `near`: from 80 % of the limit on. `reached`: a call found no room. `loop`: the same call once too often. */
  readonly kind: 'near' | 'reached' | 'loop'
  /** The name of the budget; `loops` for loops. */
  readonly budget: string
  readonly scope: Scope
  /** Before the call. */
  readonly used: number
  readonly amount: number
  readonly most: number
  readonly window_ms: number
}

export interface BudgetHit {
  readonly tenant: string
  readonly action_id: string
  readonly step: string
  readonly round: number
  readonly agent: string
  readonly tool: string
}

/** Records what budgets were touched by which call, each once. */
export async function recordBudgetEvents(db: Db, hit: BudgetHit, events: readonly BudgetEvent[]): Promise<void> {
  if (events.length === 0) return
  await db.of(hit.tenant).query(
    `insert into budget_events (tenant, action_id, step, round, agent, tool, budget, kind, scope, used, amount, most, window_ms)
     select $1, $2, $3, $4, $5, $6, e.budget, e.kind, e.scope, e.used, e.amount, e.most, e.window_ms
     from jsonb_to_recordset($7) as e (budget text, kind text, scope jsonb, used bigint, amount bigint, most bigint, window_ms bigint)
     on conflict do nothing`,
    [hit.tenant, hit.action_id, hit.step, hit.round, hit.agent, hit.tool, JSON.stringify(events)],
  )
}
