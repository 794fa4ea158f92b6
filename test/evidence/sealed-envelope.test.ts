import { expect, test } from 'vitest'
import { canonical } from '../../src/digest.js'
import { namesToAcknowledge } from '../../src/evidence/acknowledgement.js'
import { envelopeIn, flagsIn } from '../../src/evidence/sealed-envelope.js'
import { envelopeWith } from '../approval/sample-envelope.js'

test('an envelope is read once per row, and what is read is that of the row', () => {
  const rows = ['in_1', 'in\u202e_2'].map((note) => ({ envelope: canonical(envelopeWith({ args: { note } })) }))
  for (const row of rows) {
    expect(envelopeIn(row)).toEqual(JSON.parse(row.envelope))
    expect(envelopeIn(row)).toBe(envelopeIn(row))
    expect(flagsIn(row)).toBe(flagsIn(row))
  }
  expect(rows.map(namesToAcknowledge)).toEqual([[], ['bidi /steps/0/args/note']])
  const [plain = { envelope: '' }, odd = plain] = rows
  plain.envelope = odd.envelope
  expect(namesToAcknowledge(plain)).toEqual(namesToAcknowledge(odd))
})
