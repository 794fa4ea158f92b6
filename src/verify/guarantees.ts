import type { BudgetSettings } from '../contract/budget-rules.js'
import type { Tool } from '../contract/tool.js'
import type { Guarantee } from './guarantee.js'
import { admission } from './guarantees/admission.js'
import { approvals } from './guarantees/approvals.js'
import { budgetRaces } from './guarantees/budgets.js'
import { evidence } from './guarantees/evidence.js'
import { expiry } from './guarantees/expiry.js'
import { kills } from './guarantees/kills.js'
import { namespace } from './guarantees/namespace.js'
import { outages } from './guarantees/outages.js'
import { undoing } from './guarantees/undoing.js'

/** All that is tried, in the order of trying: what takes its time is begun first, and looked at late. */
export function guaranteesOf(tools: readonly Tool[], budgets: readonly BudgetSettings[]): readonly Guarantee[] {
  return [
    ...admission,
    ...approvals,
    ...evidence,
    ...namespace,
    ...kills(tools.filter(({ effect }) => effect !== 'none')),
    undoing,
    expiry(),
    ...outages,
    ...budgetRaces(budgets),
  ]
}
