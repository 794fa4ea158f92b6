import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type CedarType, cedarType, cedarValue } from '../../src/contract/decidable.js'

const Text = { type: 'String' }
const Long = { type: 'Long' }
const member = (type: object, required = true) => ({ ...type, required })
const record = (attributes: object) => ({ type: 'Record', attributes })

/** The Cedar type of one field `v`, and the paths that were left out. */
function mapped(field: z.ZodType): { type: unknown; omitted: string[] } {
  const omitted: string[] = []
  const type = cedarType(z.toJSONSchema(z.strictObject({ v: field }), { io: 'output' }), '', omitted)
  return { type: type?.type === 'Record' ? type.attributes.v : type, omitted }
}

describe('the Cedar type', () => {
  test.each<[of: string, field: z.ZodType, type: unknown]>([
    ['a string', z.string(), member(Text)],
    ['a date as a string', z.iso.date(), member(Text)],
    ['an enum', z.enum(['a', 'b']), member(Text)],
    ['a literal', z.literal('a'), member(Text)],
    ['several literals', z.literal(['a', 'b']), member(Text)],
    ['an integer', z.int(), member(Long)],
    ['a boolean', z.boolean(), member({ type: 'Boolean' })],
    ['an optional', z.string().optional(), member(Text, false)],
    ['a nullable', z.string().nullable(), member(Text, false)],
    ['a nullable integer', z.int().nullable(), member(Long, false)],
    ['a nullable enum', z.enum(['a', 'b']).nullable(), member(Text, false)],
    ['a nullish', z.int().nullish(), member(Long, false)],
    ['a nullable object', z.object({ a: z.string() }).nullable(), member(record({ a: member(Text) }), false)],
    ['a default', z.string().default('x'), member(Text)],
    ['a list', z.array(z.string()), member({ type: 'Set', element: Text })],
    ['a list of lists', z.array(z.array(z.int())), member({ type: 'Set', element: { type: 'Set', element: Long } })],
    ['a list that may hold null', z.array(z.string().nullable()), member({ type: 'Set', element: Text })],
    [
      'a list of objects',
      z.array(z.object({ a: z.string() })),
      member({ type: 'Set', element: record({ a: member(Text) }) }),
    ],
    ['an object', z.object({ a: z.string().optional() }), member(record({ a: member(Text, false) }))],
    [
      'an intersection',
      z.intersection(z.object({ a: z.string() }), z.object({ b: z.int() })),
      member(record({ a: member(Text), b: member(Long) })),
    ],
    [
      'a union of objects',
      z.discriminatedUnion('type', [
        z.object({ type: z.literal('card'), last4: z.string(), tip: z.int().optional() }),
        z.object({ type: z.literal('bank'), iban: z.string(), tip: z.int() }),
      ]),
      member(
        record({
          type: member(Text),
          last4: member(Text, false),
          iban: member(Text, false),
          tip: member(Long, false),
        }),
      ),
    ],
  ])('of %s', (_, field, type) => {
    expect(mapped(field)).toEqual({ type, omitted: [] })
  })

  test.each<[of: string, field: z.ZodType, omitted: string]>([
    ['a union of scalars', z.union([z.string(), z.int()]), '/v'],
    ['a mixed literal', z.literal(['a', 1]), '/v'],
    ['a tuple', z.tuple([z.string(), z.int()]), '/v'],
    ['a record', z.record(z.string(), z.string()), '/v'],
    ['anything', z.unknown(), '/v'],
    ['nothing but null', z.null(), '/v'],
    ['a list of anything', z.array(z.unknown()), '/v/*'],
  ])('of %s is none, and that is listed', (_, field, omitted) => {
    expect(mapped(field)).toEqual({ type: undefined, omitted: [omitted] })
  })

  test('leaves out what a nested object cannot express, and nothing else', () => {
    expect(mapped(z.object({ a: z.string(), b: z.unknown() }))).toEqual({
      type: member(record({ a: member(Text) })),
      omitted: ['/v/b'],
    })
  })

  test('leaves out members that the variants of a union disagree about', () => {
    const { type, omitted } = mapped(z.union([z.object({ a: z.string(), b: z.int() }), z.object({ a: z.int() })]))
    expect(type).toEqual(member(record({ b: member(Long, false) })))
    expect(omitted).toEqual(['/v/a'])
  })

  test('of a loose object has the declared members; the others are listed', () => {
    expect(mapped(z.looseObject({ a: z.string() }))).toEqual({
      type: member(record({ a: member(Text) })),
      omitted: ['/v/*'],
    })
  })
})

describe('the Cedar value', () => {
  const type = cedarType(
    z.toJSONSchema(
      z.looseObject({ a: z.string(), b: z.int().nullish(), list: z.array(z.looseObject({ c: z.int() })) }),
    ),
  ) as CedarType

  test('has what the type declares; nulls and undeclared members are dropped', () => {
    const value = { a: 'x', b: null, extra: 1, list: [{ c: 1, d: 2 }] }
    expect(cedarValue(type, value)).toEqual({ a: 'x', list: [{ c: 1 }] })
  })

  test('has no null in a list', () => {
    const list = cedarType({ type: 'array', items: { type: ['string', 'null'] } }) as CedarType
    expect(cedarValue(list, ['a', null, 'b'])).toEqual(['a', 'b'])
  })

  test('takes nothing from a prototype', () => {
    const inherited = cedarType({ type: 'object', properties: { toString: { type: 'string' } } }) as CedarType
    expect(cedarValue(inherited, {})).toEqual({})
  })

  test('never has a member that the type does not declare, and never a null', () => {
    const object = z.looseObject({ a: z.string(), b: z.object({ c: z.int() }).nullish(), d: z.array(z.string()) })
    const declared = cedarType(z.toJSONSchema(object)) as CedarType
    const values = fc.record({
      a: fc.string(),
      b: fc.oneof(fc.constant(null), fc.dictionary(fc.string(), fc.jsonValue())),
      d: fc.array(fc.oneof(fc.string(), fc.constant(null))),
      e: fc.jsonValue(),
    })
    fc.assert(
      fc.property(values, (value) => {
        const shaped = cedarValue(declared, value) as Record<string, unknown>
        expect(Object.keys(shaped).every((name) => ['a', 'b', 'd'].includes(name))).toBe(true)
        expect(Object.keys((shaped.b ?? {}) as object).every((name) => name === 'c')).toBe(true)
        expect(shaped.d).not.toContain(null)
      }),
    )
  })
})
