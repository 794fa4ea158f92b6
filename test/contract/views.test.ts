import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { cutOutput, type Reader, tokensOf } from '../../src/domain/cut.js'
import { at, isObject, type Json, type JsonObject } from '../../src/domain/json.js'
import type { View } from '../../src/domain/view.js'
import { declare, smallestRead, smallestWrite } from '../_util/contracts.js'

const output = z.strictObject({
  id: z.string(),
  customer: z.strictObject({ email: z.string(), city: z.string() }).nullable(),
  items: z.array(z.strictObject({ sku: z.string(), region: z.string(), tags: z.array(z.string()) })),
  notes: z.array(z.string()),
})
const read = { ...smallestRead, output }

function complaintOf(definition: object, changes: object): string {
  try {
    declare(definition, changes)
    return 'nothing'
  } catch (error) {
    return (error as Error).message
  }
}

describe('views of a contract', () => {
  const rows = (changes: object) => ({
    views: { desk: { fields: ['/id'], rows: [{ at: '/items', field: '/region', equals: 'north', ...changes }] } },
  })

  test('travel in the contract, and only where they are declared', () => {
    const views = { desk: { fields: ['/items/*/sku'], rows: [{ at: '', field: '/id', equals: '$agent' }] } }
    expect(declare(read, { views }).contract.views).toEqual(views)
    expect('views' in declare(read).contract).toBe(false)
  })

  test.each<[why: string, changes: object, complaint: string]>([
    ['for nobody', { views: {} }, 'views name at least one group'],
    ['for a group that cannot be', { views: { 'the-desk': { fields: ['/id'] } } }, 'a group is lower case letters'],
    ['without fields', { views: { desk: { fields: [] } } }, 'a view has fields'],
    ['with something else in them', { views: { desk: { fields: ['/id'], columns: [] } } }, 'a view has fields'],
    ['of a field there is not', { views: { desk: { fields: ['/name'] } } }, '/name leads nowhere'],
    ['of no pointer', { views: { desk: { fields: ['id'] } } }, 'id leads nowhere'],
    ['of one element', { views: { desk: { fields: ['/items/0/sku'] } } }, '/items/0/sku leads nowhere'],
    ['of a field below a list', { views: { desk: { fields: ['/items/sku'] } } }, '/items/sku leads nowhere'],
    ['of rows of what is no list', rows({ at: '/customer' }), 'there is no list'],
    ['of rows by a field there is not', rows({ field: '/price' }), '/price leads nowhere'],
    ['of rows by any of a list', rows({ field: '/tags/*' }), '/tags/* leads nowhere'],
    ['of rows of somebody unheard of', rows({ equals: '$owner' }), 'equals is text'],
    ['of rows by a fraction', rows({ equals: 0.5 }), 'equals is text'],
  ])('are refused %s', (_, changes, complaint) => {
    expect(complaintOf(read, changes)).toContain(complaint)
  })

  test('are refused of a write, and of an output with names that only the data knows', () => {
    const views = { desk: { fields: ['/id'] } }
    expect(complaintOf({ ...smallestWrite, output }, { views })).toContain('views belong to a read')
    const open = z.strictObject({ id: z.string(), by_email: z.record(z.string(), z.string()) })
    expect(complaintOf({ ...read, output: open }, { views })).toContain('fields are all declared')
  })

  test('lead through what may be null', () => {
    expect(complaintOf(read, { views: { desk: { fields: ['/customer/city'] } } })).toBe('nothing')
  })
})

describe('a tool', () => {
  test('says what it reads in one order, once, and only if it reads', () => {
    expect(declare(read, { reads: ['sensitive', 'untrusted', 'sensitive'] }).contract.reads).toEqual([
      'untrusted',
      'sensitive',
    ])
    expect('reads' in declare(read, { reads: [] }).contract).toBe(false)
    expect('sends' in declare(read).contract).toBe(false)
    expect(complaintOf(read, { reads: ['secrets'] })).toContain('reads takes untrusted, sensitive')
    expect(complaintOf(smallestRead, { reads: ['sensitive'] })).toContain('reads needs an output')
    expect(complaintOf(smallestWrite, { sends: 'mail' })).toContain('sends takes outside')
  })
})

const whole: JsonObject = {
  id: 'i',
  customer: { email: 'kim@example.com', city: 'Bern' },
  items: [
    { sku: 'a', region: 'north', tags: ['x'] },
    { sku: 'b', region: 'south', tags: ['y', 'z'] },
  ],
  notes: ['n'],
}
const reader = (...groups: string[]): Reader => ({ agent: 'agent:desk', on_behalf_of: null, groups })

describe('an output', () => {
  test('is cut to the fields of the group, and says what was cut', () => {
    const views = { desk: { fields: ['/id', '/items/*/sku'] } }
    expect(cutOutput(whole, views, reader('desk'))).toEqual({
      output: { id: 'i', items: [{ sku: 'a' }, { sku: 'b' }] },
      cut: { fields: ['/customer', '/items/*/region', '/items/*/tags', '/notes'], rows: {} },
    })
  })

  test('is not seen at all by an agent in none of the groups', () => {
    const views = { desk: { fields: [''] } }
    expect(cutOutput(whole, views, reader('sales'))).toEqual({
      output: {},
      cut: { fields: ['/customer', '/id', '/items', '/notes'], rows: {} },
    })
    expect(cutOutput(whole, views, reader('desk'))).toEqual({ output: whole, cut: null })
  })

  test('is cut to the rows that are theirs, with the number of the others', () => {
    const rows = [{ at: '/items', field: '/region', equals: 'north' }]
    expect(cutOutput(whole, { desk: { fields: ['/items/*/sku'], rows } }, reader('desk'))).toMatchObject({
      output: { items: [{ sku: 'a' }] },
      cut: { rows: { '/items': 1 } },
    })
  })

  test('shows of each row what some group may see of it', () => {
    const views = {
      north: { fields: ['/items/*/sku'], rows: [{ at: '/items', field: '/region', equals: 'north' }] },
      south: { fields: ['/items/*/tags'], rows: [{ at: '/items', field: '/region', equals: 'south' }] },
    }
    expect(cutOutput(whole, views, reader('north', 'south')).output).toEqual({
      items: [{ sku: 'a' }, { tags: ['y', 'z'] }],
    })
  })

  test('belongs as a whole to whom it names, and to nobody where nobody is acted for', () => {
    const views = { desk: { fields: [''], rows: [{ at: '', field: '/owner', equals: '$on_behalf_of' }] } }
    const mine = { owner: 'person:kim', balance: 1 }
    expect(cutOutput(mine, views, { ...reader('desk'), on_behalf_of: 'person:kim' }).output).toEqual(mine)
    for (const on_behalf_of of ['person:lee', null]) {
      const { output, cut } = cutOutput(mine, views, { ...reader('desk'), on_behalf_of })
      expect([output, cut]).toEqual([{}, { fields: [], rows: { '': 1 } }])
    }
    expect(cutOutput({ owner: null, balance: 1 }, views, reader('desk')).output).toEqual({})
  })
})

describe('whatever the views', () => {
  const pointers = [
    '',
    '/id',
    '/customer',
    '/customer/city',
    '/items',
    '/items/*',
    '/items/*/sku',
    '/items/*/tags/*',
    '/notes/*',
  ]
  const region = fc.constantFrom('north', 'south', 'agent:desk')
  const view: fc.Arbitrary<View> = fc.record({
    fields: fc.uniqueArray(fc.constantFrom(...pointers), { minLength: 1, maxLength: 3 }),
    rows: fc.array(
      fc.oneof(
        fc.record({
          at: fc.constant('/items'),
          field: fc.constant('/region'),
          equals: fc.constantFrom('north', 'south', '$agent', '$on_behalf_of'),
        }),
        fc.record({ at: fc.constant(''), field: fc.constant('/id'), equals: fc.constantFrom('/id', 'other') }),
      ),
      { maxLength: 2 },
    ),
  })
  const views = fc.dictionary(fc.constantFrom('desk', 'sales', 'audit'), view, { minKeys: 1 })
  const document = fc
    .record({
      customer: fc.boolean(),
      items: fc.array(fc.record({ region, tags: fc.nat({ max: 2 }) }), { maxLength: 4 }),
      notes: fc.nat({ max: 2 }),
    })
    .map(
      // Every leaf but the regions holds its own place, so that it is known again wherever it turns up.
      ({ customer, items, notes }): JsonObject => ({
        id: '/id',
        customer: customer ? { email: '/customer/email', city: '/customer/city' } : null,
        items: items.map((item, index) => ({
          sku: `/items/${index}/sku`,
          region: item.region,
          tags: Array.from({ length: item.tags }, (_, tag) => `/items/${index}/tags/${tag}`),
        })),
        notes: Array.from({ length: notes }, (_, note) => `/notes/${note}`),
      }),
    )

  /** What the views allow, leaf by leaf, said without walking the output. */
  const allowed = (output: JsonObject, given: Record<string, View>, who: Reader, leaf: string) =>
    Object.entries(given).some(
      ([group, { fields, rows = [] }]) =>
        who.groups.includes(group) &&
        fields.some((field) => tokensOf(field).every((token, depth) => matches(token, tokensOf(leaf)[depth]))) &&
        rows.every(({ at: list, field, equals }) => {
          if (list !== '' && !leaf.startsWith(`${list}/`)) return true
          const row = list === '' ? '' : `${list}/${tokensOf(leaf)[tokensOf(list).length]}`
          const wanted = equals === '$agent' ? who.agent : equals === '$on_behalf_of' ? who.on_behalf_of : equals
          return wanted !== null && at(output, row + field) === wanted
        }),
    )
  const matches = (token: string, part: string | undefined) =>
    part !== undefined && (token === part || (token === '*' && /^\d+$/.test(part)))

  test('no leaf survives but those that some group of the agent may see, and all of those do', () => {
    fc.assert(
      fc.property(document, views, fc.subarray(['desk', 'sales', 'audit', 'other']), (output, given, groups) => {
        const who: Reader = { agent: 'agent:desk', on_behalf_of: null, groups }
        const expected = leavesOf(output).filter(([leaf]) => allowed(output, given, who, leaf))
        const seen = leavesOf(cutOutput(output, given, who).output)
        expect(seen.map(([, value]) => value).sort()).toEqual(expected.map(([, value]) => value).sort())
      }),
      { numRuns: 500 },
    )
  })

  test('what was cut is said in words of the contract, never of the data', () => {
    const places = new Set([...pointers, '/customer/email', '/items/*/region', '/items/*/tags', '/notes'])
    fc.assert(
      fc.property(document, views, fc.subarray(['desk', 'sales']), (output, given, groups) => {
        const { cut } = cutOutput(output, given, { agent: 'agent:desk', on_behalf_of: null, groups })
        for (const place of [...(cut?.fields ?? []), ...Object.keys(cut?.rows ?? {})]) expect(places).toContain(place)
      }),
    )
  })
})

function leavesOf(value: Json, path = ''): [path: string, value: Json][] {
  const below = (members: readonly (readonly [string | number, Json])[]) =>
    members.flatMap(([name, member]) => leavesOf(member, `${path}/${name}`))
  if (Array.isArray(value)) return below(value.map((member, index) => [index, member] as const))
  if (isObject(value)) return below(Object.entries(value as JsonObject))
  return [[path, value]]
}
