import { readRendering } from '../../domain/rendering.js'
import type { Approval } from '../api/views.js'

/** Is every word of a filter somewhere in what a row shows? */
export function matches(approval: Approval, filter: string): boolean {
  const rendering = readRendering(approval.rendering)
  const { headline, target, asks, steps = [] } = rendering ?? {}
  const text = [
    approval.risk,
    approval.target,
    headline?.text,
    target?.text,
    asks?.agent,
    asks?.on_behalf_of,
    ...steps.flatMap(({ tool, title }) => [tool, title]),
    ...(rendering?.binding ?? []).map(({ id }) => id.text),
  ]
    .join(' ')
    .toLowerCase()
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
}
