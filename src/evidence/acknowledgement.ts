import { flagNames } from '../domain/flags.js'
import { idIn } from '../domain/shown-texts.js'
import type { EnvelopeRow } from '../ledger/action-record.js'
import { envelopeIn, flagsIn } from './sealed-envelope.js'

/** The names that an approval of the envelope has to carry, sorted; none if it has no flags. */
export function namesToAcknowledge(row: Pick<EnvelopeRow, 'envelope'>): readonly string[] {
  return flagNames(flagsIn(row))
}

/** Did a person name exactly the flags that there are? */
export function acknowledgesAll(names: readonly string[], acknowledged: readonly string[]): boolean {
  const said = [...new Set(acknowledged)].sort()
  return said.length === names.length && said.every((name, index) => name === names[index])
}

/** What a person types who approves in spite of flags: the id of what is acted on, or another where that one is odd itself. */
export function targetOf(row: Pick<EnvelopeRow, 'envelope' | 'id'>): string {
  const [step] = envelopeIn(row).steps
  const id = step ? idIn(step.resource) : ''
  return /^[A-Za-z0-9_.:@-]{1,100}$/.test(id) ? id : row.id
}
