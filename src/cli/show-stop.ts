import type { StatusOrdered } from '../control-plane/set-tool-status.js'
import type { StopOrdered } from '../control-plane/stops.js'
import { pendingWords, type Stop } from '../domain/stop.js'
import { columns } from './columns.js'
import type { Paint } from './output.js'

export function renderOrdered({ tenant, scope, state, pending, acknowledged_at }: StopOrdered): string {
  const what = tenant === '*' ? 'Everything' : scope === 'tenant' ? `The tenant ${tenant}` : `${scope} of ${tenant}`
  const then = state === 'stopped' ? ` What it holds ${pendingWords[pending]}.` : ''
  return `${what} is ${state}, ${acknowledged_at}.${then}`
}

export function renderStatusOrdered({ tool, tenant, status, versions, acknowledged_at }: StatusOrdered): string {
  const which = versions.length === 0 ? 'nothing changed' : `v${versions.join(', v')}`
  return `${tool} of ${tenant} is ${status} (${which}), ${acknowledged_at}.`
}

export function renderStops(stops: readonly Stop[], paint: Paint): string {
  if (stops.length === 0) return paint.dim('Nothing is stopped.')
  const rows = stops.map(({ scope, pending, by, at, reason }) => [scope, pending, by, at, reason])
  return columns([['SCOPE', 'PENDING', 'BY', 'SINCE', 'REASON'], ...rows], (text, row) =>
    row === 0 ? paint.dim(text) : text,
  )
}
