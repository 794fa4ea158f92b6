import type { DeliveryView } from '../control-plane/deliveries/list-deliveries.js'
import { columns } from './columns.js'
import type { Paint } from './output.js'

export function renderDeliveries(deliveries: readonly DeliveryView[], paint: Paint): string {
  if (deliveries.length === 0) return paint.dim('Everything reached the people it is for.')
  const rows = deliveries.map(({ id, state, age_seconds, channel, to, notice, about, tries, next_at, last_error }) => [
    id,
    state,
    ageOf(age_seconds),
    to ? `${channel} ${to}` : channel,
    `${notice} ${about.id}`,
    String(tries),
    next_at ?? '-',
    last_error ?? '-',
  ])
  return columns([['ID', 'STATE', 'AGE', 'TO', 'NOTICE', 'TRIES', 'NEXT', 'WHY'], ...rows], (text, row) =>
    row === 0 ? paint.dim(text) : text,
  )
}

function ageOf(seconds: number): string {
  if (seconds < 60) return `${seconds}s`
  if (seconds < 3_600) return `${Math.floor(seconds / 60)}m`
  return `${Math.floor(seconds / 3_600)}h${Math.floor((seconds % 3_600) / 60)}m`
}
