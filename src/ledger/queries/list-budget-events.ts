import type { Scope } from '../../domain/budget.js'
import type { Db } from '../pool.js'
import type { BudgetEvent, BudgetHit } from './record-budget-events.js'

export type RecordedBudgetEvent = BudgetEvent &
  Omit<BudgetHit, 'tenant'> & { readonly scope: Scope; readonly happened_at: string }

/** What came near a limit, or met one, newest first; `agent`: only by this agent. */
export async function listBudgetEvents(
  db: Db,
  tenant: string,
  agent: string | null,
  limit: number,
): Promise<RecordedBudgetEvent[]> {
  const { rows } = await db.of(tenant).query<RecordedBudgetEvent>(
    `select kind, budget, scope, used, amount, most, window_ms, action_id, step, round, agent, tool,
       to_json(happened_at)#>>'{}' as happened_at
     from budget_events where tenant = $1 and ($2::text is null or agent = $2)
     order by happened_at desc, action_id, step limit $3`,
    [tenant, agent, limit],
  )
  return rows
}
