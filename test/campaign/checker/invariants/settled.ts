import type { Check } from '../evidence.js'
import { subjectKey } from '../lookup.js'

/**
 * I3: what was acknowledged has ended, or waits for a person where that shows and one may leave it, soon after the faults
 * stopped.
 */
export const settled: Check = ({ clients, final, rules }) => {
  const at = new Map(final.map((line) => [subjectKey(line.tenant, line.action_id), line]))
  const acknowledged = new Map(
    clients.flatMap((line) =>
      line.kind === 'answered' && line.action_id && (line.status === 200 || line.status === 202)
        ? [[subjectKey(line.tenant, line.action_id), line] as const]
        : [],
    ),
  )
  return [...acknowledged.keys()].flatMap((about) => {
    const line = at.get(about)
    const lost = (detail: string) => [{ invariant: 'I3' as const, sort: 'lost' as const, about, detail }]
    if (line?.status !== 200) return lost(`nothing is known of it: ${line?.status ?? 'not looked at'}`)
    if (line.outcome === null && line.waits === null) return lost('it has neither ended nor does it wait for a person')
    if (line.outcome === null && rules.people_decide) return lost('it waits for a person, and people decide all here')
    if (line.seconds_after_faults > rules.settle_within_s) return lost(`after ${line.seconds_after_faults} s only`)
    return []
  })
}
