import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { declare, smallestRead, smallestWrite } from '../_util/contracts.js'

const thing = { thing: z.string() }
const both = ['finance', 'security']

function complaintOf(definition: object, changes: object): string {
  try {
    declare(definition, changes)
  } catch (error) {
    expect(error).toMatchObject({ name: 'ExequaturError', code: 'EXQ-7005' })
    return (error as Error).message
  }
  return 'nothing'
}

describe('a tool is refused', () => {
  test.each<[why: string, changes: object, complaint: string]>([
    ['whose name has upper case', { name: 'Touch' }, 'the name is lower case words joined by _'],
    ['whose name has a slash', { name: 'touch/verify' }, 'the name is lower case words joined by _'],
    ['whose name is too long', { name: 'x'.repeat(65) }, 'the name is lower case words joined by _'],
    ['that is called like the family of undo actions', { name: 'compensate' }, 'compensate is a reserved name'],
    ['of version 0', { version: 0 }, 'the version is a whole number from 1'],
    ['of version 1.5', { version: 1.5 }, 'the version is a whole number from 1'],
    ['owned by a team', { owner: 'team:billing' }, 'the owner is a person, as person:<name>'],
    ['owned by nobody', { owner: 'person:' }, 'the owner is a person, as person:<name>'],
    ['that only reads, but promises more', { downstream: { class: 'queryable' } }, 'has the downstream class read'],
    ['of high risk that nobody can approve', { risk: 'high' }, 'a high risk needs approvers'],
    ['of critical risk without approvers', { risk: 'critical' }, 'a critical risk needs two approver groups'],
    [
      'of critical risk with one group named twice',
      { risk: 'critical', approvers: ['finance', 'finance'] },
      'a critical risk needs two approver groups',
    ],
    ['with a reserved approver group', { approvers: ['approvers'] }, 'approvers, groups, strong are reserved names'],
    ['with another reserved group', { approvers: ['strong'] }, 'approvers, groups, strong are reserved names'],
    ['whose resource arrives late', { late: ['thing'] }, 'the resource may not be a late field'],
    ['whose resource type is no name', { resource: { type: 'My Thing', id: '/args/thing' } }, 'the resource type'],
    ['whose resource is an agent', { resource: { type: 'Agent', id: '/args/thing' } }, 'the resource type'],
    ['whose resource leads nowhere', { resource: { type: 'Thing', id: '/args/other' } }, '/args/other leads nowhere'],
    ['whose resource is no pointer', { resource: { type: 'Thing', id: 'args/thing' } }, 'args/thing leads nowhere'],
    [
      'whose resource is observed, but nothing is',
      { resource: { type: 'Thing', id: '/observed/id' } },
      '/observed/id leads nowhere',
    ],
    ['whose resource is no pointer at all', { resource: { type: 'Thing', id: 'x/args/thing' } }, 'leads nowhere'],
    [
      'whose resource is part of a late field',
      {
        input: z.strictObject({ thing: z.object({ id: z.string() }) }),
        resource: { type: 'Thing', id: '/args/thing/id' },
        late: ['thing'],
      },
      'the resource may not be a late field',
    ],
    [
      'that observes by a late field',
      {
        input: z.strictObject({ ...thing, other: z.string() }),
        late: ['other'],
        observe: { tool: 'look', args: { id: '/args/other' } },
      },
      'what is observed may not be a late field',
    ],
    ['that observes by what it observes', { observe: { tool: 'look', args: { id: '/observed/id' } } }, 'leads nowhere'],
    ['with a late field it does not have', { late: ['other'] }, 'there is no argument other'],
    ['that fills without observing', { fill: { thing: '/observed/x' } }, 'fill needs observe'],
    [
      'that fills a field it does not have',
      { observe: { tool: 'look', args: {} }, fill: { other: '/observed/x' } },
      'there is no argument other',
    ],
    [
      'that fills from its own arguments',
      { observe: { tool: 'look', args: {} }, fill: { thing: '/args/thing' } },
      'fill takes /observed/...',
    ],
    [
      'that observes with an argument it does not have',
      { observe: { tool: 'look', args: { id: '/args/other' } } },
      '/args/other leads nowhere',
    ],
    ['with a deadline nobody can read', { downstream: { class: 'read', callTimeout: '1.5s' } }, 'callTimeout'],
    ['with no time to call', { downstream: { class: 'read', callTimeout: '0s' } }, 'callTimeout'],
  ])('%s', (_, changes, complaint) => {
    expect(complaintOf(smallestRead, changes)).toContain(complaint)
  })

  test.each<[why: string, changes: object, complaint: string]>([
    ['that changes something, but has the class read', { downstream: { class: 'read' } }, 'only a tool of effect none'],
    ['with a key of unknown lifetime', { downstream: { class: 'idempotent-by-key' } }, 'needs keyLifetime'],
    [
      'with a lifetime nobody can read',
      { downstream: { class: 'idempotent-by-key', keyLifetime: 'a day' } },
      'needs keyLifetime',
    ],
    [
      'whose spend arrives late',
      {
        input: z.strictObject({ ...thing, cents: z.int() }),
        late: ['cents'],
        spend: { amount_cents: '/args/cents', currency: 'usd' },
      },
      'the spend may not be a late field',
    ],
    ['whose spend leads nowhere', { spend: { amount_cents: '/args/cents', currency: 'usd' } }, '/args/cents leads'],
    [
      'with a late field that is filled',
      {
        input: z.strictObject({ ...thing, cents: z.int() }),
        late: ['cents'],
        observe: { tool: 'look', args: {} },
        fill: { cents: '/observed/x' },
      },
      'a late field may not be filled',
    ],
  ])('%s', (_, changes, complaint) => {
    expect(complaintOf(smallestWrite, changes)).toContain(complaint)
  })

  test.each<[why: string, undo: object, complaint: string]>([
    ['that promises nothing of a write', { class: 'read' }, 'undoing is a write: its class is not read'],
    ['whose keys live for nobody knows how long', { class: 'idempotent-by-key' }, 'needs keyLifetime'],
    ['without a deadline', { class: 'queryable', callTimeout: 'soon' }, 'callTimeout is a duration'],
  ])('with an undo %s', (_, undo, complaint) => {
    expect(complaintOf(smallestWrite, { undo })).toContain(complaint)
  })

  test('with an undo, where nothing can be undone', () => {
    expect(complaintOf(smallestRead, { undo: { class: 'queryable' } })).toContain('only a reversible tool has an undo')
  })

  test('with everything that is wrong named at once', () => {
    const complaint = complaintOf(smallestRead, { name: 'X', version: 0, owner: 'ann', late: ['other'] })
    for (const part of ['the name', 'the version', 'the owner', 'there is no argument other']) {
      expect(complaint).toContain(part)
    }
  })
})

describe('what a contract cannot carry is refused', () => {
  test.each<[what: string, field: z.ZodType, complaint: string]>([
    ['a refine', z.string().refine(() => true), 'input.v: refine cannot be carried'],
    ['a refine inside a list', z.array(z.string().refine(() => true)), 'refine cannot be carried'],
    [
      'a refine behind an optional',
      z
        .string()
        .refine(() => true)
        .optional(),
      'refine cannot be carried',
    ],
    ['a refine in a nested object', z.object({ a: z.object({ b: z.string().refine(() => true) }) }), 'refine cannot'],
    ['a refine in a union', z.union([z.string().refine(() => true), z.boolean()]), 'refine cannot be carried'],
    ['a refine behind a lazy', z.lazy(() => z.string().refine(() => true)), 'refine cannot be carried'],
    ['a superRefine', z.string().superRefine(() => undefined), 'refine cannot be carried'],
    ['a transform', z.string().transform((text) => text.length), 'transform cannot be carried'],
    ['a preprocess', z.preprocess((value) => value, z.string()), 'transform cannot be carried'],
    ['a pipe', z.string().pipe(z.string()), 'transform cannot be carried'],
    ['a trim, which changes what the policy saw', z.string().trim(), 'transform cannot be carried'],
    ['a toLowerCase', z.string().toLowerCase(), 'transform cannot be carried'],
    ['a catch, which replaces what does not fit', z.string().catch('x'), 'catch cannot be carried'],
    ['a float', z.number(), 'use integers or strings, not z.number()'],
    ['a float that may be null', z.number().nullable(), 'use integers or strings, not z.number()'],
    ['a float in a list', z.array(z.number()), 'use integers or strings, not z.number()'],
    ['a float in a union', z.union([z.string(), z.number()]), 'use integers or strings, not z.number()'],
    ['a date', z.date(), 'Date cannot be represented'],
    ['a bigint', z.bigint(), 'BigInt cannot be represented'],
  ])('%s', (_, field, complaint) => {
    expect(complaintOf(smallestRead, { input: z.strictObject({ ...thing, v: field }) })).toContain(complaint)
    expect(complaintOf(smallestRead, { output: z.strictObject({ v: field }) })).toContain(
      complaint.replace('input', 'output'),
    )
  })

  test('a refine of the whole input', () => {
    expect(complaintOf(smallestRead, { input: z.strictObject(thing).refine(() => true) })).toContain(
      'input: refine cannot be carried',
    )
  })

  test('but a recursive schema can be, and it comes to an end', () => {
    const tree: z.ZodType = z.object({
      name: z.string(),
      get branches() {
        return z.array(tree)
      },
    })
    expect(complaintOf(smallestRead, { input: z.strictObject({ ...thing, tree }) })).toBe('nothing')
  })
})

describe('what policies cannot see', () => {
  const open: readonly [what: string, field: z.ZodType, path: string][] = [
    ['a union of scalars', z.union([z.string(), z.int()]), '/v'],
    ['a tuple', z.tuple([z.string(), z.int()]), '/v'],
    ['a record', z.record(z.string(), z.string()), '/v'],
    ['anything', z.unknown(), '/v'],
    ['a loose object', z.looseObject({ a: z.string() }), '/v/*'],
    ['an object with a catchall', z.object({ a: z.string() }).catchall(z.string()), '/v/*'],
    ['a list of anything', z.array(z.unknown()), '/v/*'],
  ]

  test.each(open)('%s is no argument of a high or critical risk', (_, field, path) => {
    const input = z.strictObject({ ...thing, v: field })
    for (const risk of ['high', 'critical']) {
      expect(complaintOf(smallestWrite, { risk, approvers: both, input })).toContain(`policies cannot see ${path};`)
    }
  })

  test.each(open)('%s may be an argument of a lower risk', (_, field) => {
    const input = z.strictObject({ ...thing, v: field })
    for (const risk of ['low', 'medium']) expect(complaintOf(smallestWrite, { risk, input })).toBe('nothing')
  })

  test('undeclared arguments are none of a high risk', () => {
    expect(complaintOf(smallestWrite, { risk: 'high', approvers: both, input: z.looseObject(thing) })).toContain(
      'policies cannot see /*;',
    )
  })
})
