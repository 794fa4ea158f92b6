import type { Envelope } from '../domain/envelope.js'
import { type Flag, flagNames, flagsOf } from '../domain/flags.js'
import type { EnvelopeRow } from '../ledger/action-record.js'

/** What in a sealed envelope needs a closer look than a click. */
export function flagsIn(row: Pick<EnvelopeRow, 'envelope'>): Flag[] {
  return flagsOf(JSON.parse(row.envelope) as Envelope)
}

/** The names that an approval of the envelope has to carry, sorted; none if it has no flags. */
export function namesToAcknowledge(row: Pick<EnvelopeRow, 'envelope'>): readonly string[] {
  return flagNames(JSON.parse(row.envelope) as Envelope)
}

/** Did a person name exactly the flags that there are? */
export function acknowledgesAll(names: readonly string[], acknowledged: readonly string[]): boolean {
  const said = [...new Set(acknowledged)].sort()
  return said.length === names.length && said.every((name, index) => name === names[index])
}

/** What a person types who approves in spite of flags: the id of what is acted on, or another where that one is odd itself. */
export function targetOf(row: Pick<EnvelopeRow, 'envelope' | 'id'>): string {
  const [step] = (JSON.parse(row.envelope) as Envelope).steps
  const id = step?.resource.split(' ').slice(1).join(' ') ?? ''
  return /^[A-Za-z0-9_.:@-]{1,100}$/.test(id) ? id : row.id
}
