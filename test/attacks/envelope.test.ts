import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { digest } from '../../src/digest.js'
import { contentOf, type Envelope } from '../../src/domain/envelope.js'
import type { Json, JsonObject } from '../../src/domain/json.js'
import { envelopeWith } from '../approval/sample-envelope.js'

const args = fc
  .dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 4, noNullPrototype: true })
  .map((value) => JSON.parse(JSON.stringify(value)) as JsonObject)
const envelopes = fc.record({ args, goal: fc.string(), reason: fc.string() }).map((parts) => ({
  ...envelopeWith(parts),
  contracts: { step1: { tool: 'refund_invoice', version: 1, digest: 'sha256:c' } },
  observations: { step1: 'sha256:o' },
}))

type Path = readonly (string | number)[]

/** Where every value is that holds no other. */
function leaves(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path]
  const inner = Array.isArray(value) ? [...value.entries()] : Object.entries(value)
  return inner.length === 0 ? [path] : inner.flatMap(([key, each]) => leaves(each, [...path, key]))
}

/** The value with another leaf at the path, or without it. */
function changed(value: unknown, [key, ...rest]: Path, to: Json | undefined): unknown {
  if (key === undefined) return to
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<string | number, unknown>
  const inner = changed(copy[key], rest, to)
  if (inner === undefined && !Array.isArray(copy)) delete copy[key]
  else copy[key] = inner ?? null
  return copy
}

/** Of the sealing, not of what is asked: they may be others each time it is sealed, and are sealed themselves. */
const ofTheSeal = ['requirements', 'explanation', 'expires_at', 'nonce']

describe('an envelope', () => {
  const mutations = fc.tuple(
    envelopes,
    fc.nat(),
    fc.constantFrom<Json | undefined>(undefined, 'another', 7, null, true),
  )

  test('any leaf that changes makes another digest, and votes name the digest', () => {
    fc.assert(
      fc.property(mutations, ([envelope, at, to]) => {
        const all = leaves(envelope)
        const other = changed(envelope, all[at % all.length] as Path, to)
        fc.pre(JSON.stringify(other) !== JSON.stringify(envelope))
        expect(digest(other)).not.toBe(digest(envelope))
      }),
      { numRuns: 1_000 },
    )
  })

  test('any leaf of the content that changes makes another digest', () => {
    fc.assert(
      fc.property(mutations, ([envelope, at, to]) => {
        const all = leaves(envelope).filter(([key]) => !ofTheSeal.includes(String(key)))
        const other = changed(envelope, all[at % all.length] as Path, to) as Envelope
        fc.pre(JSON.stringify(other) !== JSON.stringify(envelope))
        expect(digest(contentOf(other))).not.toBe(digest(contentOf(envelope as Envelope)))
      }),
      { numRuns: 1_000 },
    )
  })
})
