import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonical, digest, digestBytes, shortId } from '../../src/digest.js'
import {
  actionOfWorkflow,
  poolQueue,
  requestIdPattern,
  stepIdPattern,
  tenantPattern,
  workflowId,
} from '../../src/domain/ids.js'
import { at } from '../../src/domain/json.js'
import { referenceIn, subjectOf } from '../../src/domain/request.js'

describe('a reference', () => {
  test('names an earlier step and one field of its output', () => {
    expect(referenceIn({ $from: 'step1.refund_id' })).toEqual({ step: 'step1', field: 'refund_id' })
  })

  test.each([
    'step1.refund_id',
    null,
    ['step1.refund_id'],
    {},
    { $from: 7 },
    { $from: 'step1' },
    { $from: 'Step1.id' },
    { $from: 'step1.a.b' },
    { $from: 'step1.refund_id\n' },
    { $from: 'step1.refund_id', more: 1 },
    { from: 'step1.refund_id' },
  ])('is nothing else: %j', (value) => {
    expect(referenceIn(value)).toBeNull()
  })

  test('is found in nothing that does not read back as the same reference', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const reference = referenceIn({ $from: text })
        expect(reference === null || `${reference.step}.${reference.field}` === text).toBe(true)
      }),
    )
  })
})

describe('the subject of a request', () => {
  test('is the ticket, else the incident, else the user', () => {
    const all = { request_id: 'r1', ticket_id: 'zd_1', incident_id: 'inc_1', user_id: 'u_1' }
    const { ticket_id: _, ...noTicket } = all
    const { incident_id: __, ...onlyUser } = noTicket
    expect(subjectOf(all)).toBe('ticket:zd_1')
    expect(subjectOf(noTicket)).toBe('incident:inc_1')
    expect(subjectOf(onlyUser)).toBe('user:u_1')
    expect(subjectOf({ request_id: 'r1' })).toBeNull()
  })
})

describe('ids', () => {
  const tenants = fc.stringMatching(/^[a-z0-9-]{1,63}$/)

  test('a workflow id gives back its tenant and action', () => {
    fc.assert(
      fc.property(tenants, fc.string(), (tenant, request) => {
        const action_id = shortId('act', tenant, request)
        expect(actionOfWorkflow(workflowId(tenant, action_id))).toEqual({ tenant, action_id })
      }),
    )
  })

  test.each(['', 'acme', 'acme/act_1', 'a/b/act_aaaaaaaaaaaaaaaaaaaaaaaaaa', 'Acme/act_aaaaaaaaaaaaaaaaaaaaaaaaaa'])(
    'the workflow id "%s" is not ours',
    (id) => expect(actionOfWorkflow(id)).toBeNull(),
  )

  test('each pool has its own queue', () => {
    expect(poolQueue('default')).toBe('exequatur-default')
  })

  test.each([
    [requestIdPattern, ['r', 'A.b_c-9', 'x'.repeat(100)], ['', 'a b', 'a/b', 'é', 'a\n', 'x'.repeat(101)]],
    [stepIdPattern, ['a', 'step1', 'a_b'], ['', '1a', 'A', '_a', 'a-b', 'a.b', 'a\n']],
    [tenantPattern, ['acme', 'a-1', 'x'.repeat(63)], ['', 'Acme', 'a/b', 'a_b', 'a\n', 'x'.repeat(64)]],
  ])('%s takes whole strings only', (pattern, good, bad) => {
    for (const text of good) expect(pattern.test(text), text).toBe(true)
    for (const text of bad) expect(pattern.test(text), text).toBe(false)
  })
})

describe('a short id', () => {
  test('is a prefix and 26 base32 characters', () => {
    expect(shortId('act', 'acme', 'agent:a', 'r1')).toMatch(/^act_[a-z2-7]{26}$/)
    expect(shortId('act', 'acme', 'agent:a', 'r1')).toBe(shortId('act', 'acme', 'agent:a', 'r1'))
  })

  // Parts made of what the length prefixes are made of, cut anywhere: the most likely ones to be mistaken.
  const digits = fc.string({ unit: fc.constantFrom('0', '1', '2', ':', 'a', 'é'), maxLength: 12 })
  const cuts = (text: string, at: readonly number[]) => {
    const places = [...new Set(at.map((place) => place % (text.length + 1)))].sort((a, b) => a - b)
    return [...places, text.length].map((end, index) => text.slice(index === 0 ? 0 : places[index - 1], end))
  }

  test('differs for every other cut of the same text into parts', () => {
    const some = fc.array(fc.nat(20), { maxLength: 4 })
    fc.assert(
      fc.property(digits, some, some, (text, one, other) => {
        const [a, b] = [cuts(text, one), cuts(text, other)]
        expect(shortId('x', ...a) === shortId('x', ...b)).toBe(JSON.stringify(a) === JSON.stringify(b))
      }),
      { numRuns: 1000 },
    )
  })

  test('differs for every other list of parts', () => {
    const lists = fc.array(digits, { maxLength: 4 })
    fc.assert(
      fc.property(lists, lists, (a, b) => {
        expect(shortId('x', ...a) === shortId('x', ...b)).toBe(JSON.stringify(a) === JSON.stringify(b))
      }),
      { numRuns: 1000 },
    )
  })
})

describe('a digest', () => {
  const values = fc.jsonValue()
  const reversed = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(reversed)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([key, inner]) => [key, reversed(inner)]),
    )
  }

  test('does not depend on the order of keys', () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(digest(reversed(value))).toBe(digest(value))
      }),
    )
  })

  test('covers everything: its bytes give the value back', () => {
    fc.assert(
      fc.property(values, (value) => {
        // JSON itself knows no -0: what the bytes have to give back is what JSON gives back.
        expect(JSON.parse(canonical(value))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })

  test('depends on the order of a list and on the type of a value', () => {
    expect(digest([1, 2])).not.toBe(digest([2, 1]))
    expect(digest({ a: 1 })).not.toBe(digest({ a: '1' }))
    expect(digest({ a: null })).not.toBe(digest({}))
  })

  test('is sha256 over the RFC 8785 bytes', () => {
    expect(canonical({ b: 1, a: [1.0, 1e21, '€'] })).toBe('{"a":[1,1e+21,"€"],"b":1}')
    expect(digest({})).toBe(digestBytes('{}'))
    expect(digest({})).toBe('sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a')
  })

  test('is of JSON only', () => {
    expect(() => digest(undefined)).toThrow('not a JSON value')
    expect(() => digest({ a: Number.NaN })).toThrow()
  })
})

describe('a JSON Pointer', () => {
  const document = { args: { a: { 'b/c': 1, 'd~e': [10, 20] } } }

  test('leads to a value, with ~1 for / and ~0 for ~', () => {
    expect(at(document, '/args/a/b~1c')).toBe(1)
    expect(at(document, '/args/a/d~0e/1')).toBe(20)
  })

  test.each(['/args/b', '/args/a/b/c', '/args/a/d~0e/9', '/args/constructor', '/args/__proto__/toString'])(
    '%s leads nowhere',
    (pointer) => expect(at(document, pointer)).toBeUndefined(),
  )
})
