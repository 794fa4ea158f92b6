import type { PrincipalView } from '../control-plane/read-principal.js'
import { columns } from './columns.js'
import type { Paint } from './output.js'

/** A principal and its life, oldest first. */
export function renderPrincipal(view: PrincipalView, paint: Paint): string {
  const { owner } = view
  const facts: [string, string][] = []
  if (owner)
    facts.push([
      'owner',
      `${owner.principal}${owner.state === 'live' ? '' : ` (${owner.state}: nothing of it executes)`}`,
    ])
  if (view.contact) facts.push(['contact', view.contact])
  if (view.environment) facts.push(['environment', view.environment])
  facts.push(['groups', view.groups.join(', ') || 'none'])
  facts.push(['ways in', view.accounts.join(', ') || 'none'])
  const life = view.life.map(({ recorded_at, event, state, recorded_by, reason }) => [
    `  ${recorded_at}`,
    event === 'recorded' ? state : event,
    `by ${recorded_by}${reason ? `: ${reason}` : ''}`,
  ])
  return [
    `${paint.bold(view.principal)} of ${view.tenant}  ${view.state}`,
    columns(facts.map(([name, fact]) => [`  ${name}`, fact])),
    paint.dim('Life'),
    columns(life),
  ].join('\n')
}
