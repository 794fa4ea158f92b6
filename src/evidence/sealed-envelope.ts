import type { Envelope } from '../domain/envelope.js'
import { type Flag, flagsOf } from '../domain/flags.js'
import type { EnvelopeRow } from '../ledger/action-record.js'

interface Read {
  readonly text: string
  readonly envelope: Envelope
  flags?: readonly Flag[]
}

// Of every row of a list it is asked for each person who may decide; an envelope can be long.
const known = new WeakMap<Pick<EnvelopeRow, 'envelope'>, Read>()

function readIn(row: Pick<EnvelopeRow, 'envelope'>): Read {
  const before = known.get(row)
  if (before?.text === row.envelope) return before
  const read = { text: row.envelope, envelope: JSON.parse(row.envelope) as Envelope }
  known.set(row, read)
  return read
}

/** The envelope that a row has the bytes of; read once, so nobody may change it. */
export function envelopeIn(row: Pick<EnvelopeRow, 'envelope'>): Envelope {
  return readIn(row).envelope
}

/** What in a sealed envelope needs a closer look than a click. */
export function flagsIn(row: Pick<EnvelopeRow, 'envelope'>): readonly Flag[] {
  const read = readIn(row)
  read.flags ??= flagsOf(read.envelope)
  return read.flags
}
