import type { ApprovalView } from '../../control-plane/approval-view.js'
import { printable } from '../../domain/printable.js'
import type { Rendering } from '../../domain/rendered.js'
import { tellBounds, tellStanding } from '../../domain/tell-budget.js'
import { isolated, type Piece } from './texts.js'

/** The limits that a plan set itself, and what is left of which budgets that it counts for. */
export function tellLimits(
  { bounds }: Pick<Rendering, 'bounds'>,
  { budgets }: Pick<ApprovalView, 'budgets'>,
): Piece[][] {
  const own = tellBounds(bounds)
  return [
    ...(own === '' ? [] : [[{ bold: 'The plan limits itself: ' }, own]]),
    ...(budgets ?? []).map((budget): Piece[] => [
      { bold: 'Budget ' },
      `${budget.name}${budget.scope ? ` (${isolated(printable(budget.scope))})` : ''}: ${tellStanding(budget)}`,
    ]),
  ]
}
