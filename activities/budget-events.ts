import { tellScope } from '../src/domain/budget.js'
import type { Admitted, EvidenceDeps } from '../src/evidence/admitted.js'
import type { Db } from '../src/ledger/pool.js'
import { type BudgetEvent, recordBudgetEvents } from '../src/ledger/queries/record-budget-events.js'

const messages: Readonly<Record<BudgetEvent['kind'], string>> = {
  near: 'a budget is used to 80 % or more',
  reached: 'a budget is used up',
  loop: 'the same call was made again and again',
}

/** Records that a call came near a limit, or met it, and tells whoever runs the process. */
export async function noteBudgetEvents(
  deps: Pick<EvidenceDeps, 'warn'>,
  db: Db,
  { record, request }: Admitted,
  { step, round }: { readonly step: string; readonly round: number },
  events: readonly BudgetEvent[],
): Promise<void> {
  const tool = request.plan.steps.find(({ id }) => id === step)?.tool ?? ''
  const hit = { tenant: record.tenant, action_id: record.id, step, round, agent: request.agent, tool }
  await recordBudgetEvents(db, hit, events)
  for (const { kind, scope, ...event } of events)
    deps.warn?.({ ...hit, ...event, scope: tellScope(scope) }, messages[kind])
}
