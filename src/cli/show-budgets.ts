import type { BudgetsView } from '../control-plane/list-budgets.js'
import { columns } from './columns.js'
import type { Paint } from './output.js'

/** Where the budgets stand, then what met them lately. */
export function renderBudgets({ items, events }: BudgetsView, paint: Paint): string {
  if (items.length + events.length === 0) return paint.dim('Nothing of any budget is used.')
  const head = (rows: readonly (readonly string[])[]) =>
    columns(rows, (text, row) => (row === 0 ? paint.dim(text) : text))
  const budgets = items.map(
    ({ budget, scope, of, currency, used, reserved, unknown, limit, standing, next_room_at }) => [
      budget,
      tellScope(scope),
      `${used} of ${limit} ${of}${currency ? ` ${currency}` : ''}`,
      String(reserved),
      String(unknown),
      standing,
      next_room_at ?? '-',
    ],
  )
  const hits = events.map(({ happened_at, kind, budget, scope, used, amount, most, agent, tool, action_id }) => [
    happened_at,
    kind,
    budget,
    tellScope(scope),
    `${used} + ${amount} of ${most}`,
    agent,
    tool,
    action_id,
  ])
  const lists = [
    ...(budgets.length > 0
      ? [head([['BUDGET', 'SCOPE', 'USED', 'RESERVED', 'UNKNOWN', 'STANDING', 'MORE ROOM'], ...budgets])]
      : []),
    ...(hits.length > 0
      ? [head([['AT', 'EVENT', 'BUDGET', 'SCOPE', 'USED', 'AGENT', 'TOOL', 'ACTION'], ...hits])]
      : []),
  ]
  return lists.join('\n\n')
}

function tellScope(scope: Readonly<Record<string, string>>): string {
  return Object.entries(scope)
    .map(([dimension, value]) => `${dimension} ${value || '(none)'}`)
    .join(', ')
}
