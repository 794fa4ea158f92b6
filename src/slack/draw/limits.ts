import type { ApprovalView } from '../../control-plane/approval-view.js'
import { printable } from '../../domain/printable.js'
import type { Rendering } from '../../domain/rendered.js'
import { isolated, type Piece } from './texts.js'

/** The limits that a plan set itself, and what is left of which budgets that it counts for. */
export function tellLimits(
  { bounds }: Pick<Rendering, 'bounds'>,
  { budgets }: Pick<ApprovalView, 'budgets'>,
): Piece[][] {
  const own = bounds.map(({ name, limit }) => `${name} ${limit}`).join(', ')
  return [
    ...(own === '' ? [] : [[{ bold: 'The plan limits itself: ' }, own]]),
    ...(budgets ?? []).map(({ name, scope, of, limit, used, left, window_ms }): Piece[] => [
      { bold: 'Budget ' },
      `${name}${scope ? ` (${isolated(printable(scope))})` : ''}: ${left} ${of} left, ${used} of ${limit} used in ${tellWindow(window_ms)}`,
    ]),
  ]
}

const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const

/** In the largest unit of which it is a whole number: `1 d`, `90 min`. */
function tellWindow(ms: number): string {
  const [unit, length] = units.find(([, each]) => ms % each === 0) ?? ['ms', 1]
  return `${ms / length} ${unit}`
}
