import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { requireObserved } from '../../src/contract/require-observed.js'
import { declare, getInvoice, smallestRead, smallestWrite } from '../_util/contracts.js'

const observing = { observe: { tool: 'get_invoice', args: {} } }
const counting = { output: z.strictObject({ touched: z.int(), names: z.array(z.string()), note: z.string() }) }

const complaintOf = (work: () => unknown): string => {
  try {
    work()
  } catch (error) {
    expect(error).toMatchObject({ name: 'ExequaturError', code: 'EXQ-7005' })
    return (error as Error).message
  }
  return 'nothing'
}

describe('a tool is refused', () => {
  test.each<[why: string, changes: object, complaint: string]>([
    ['whose preconditions nobody observes', { preconditions: ['/observed/a'] }, 'need observe'],
    ['that counts what nobody observes', { touches: { observed: '/observed/a' } }, 'need observe'],
    ['whose precondition is an argument', { ...observing, preconditions: ['/args/thing'] }, '/args/thing is not'],
    ['whose precondition is everything', { ...observing, preconditions: ['/observed'] }, '/observed is not'],
    ['whose precondition is one of a list', { ...observing, preconditions: ['/observed/a/0'] }, '/observed/a/0 is not'],
    ['whose precondition is escaped', { ...observing, preconditions: ['/observed/a~1b'] }, '/observed/a~1b is not'],
    [
      'with a precondition twice',
      { ...observing, preconditions: ['/observed/a', '/observed/a'] },
      'a precondition is there twice',
    ],
    [
      'that counts its output elsewhere',
      { ...observing, touches: { observed: '/observed/a', output: '/args/thing' } },
      '/args/thing is not',
    ],
    [
      'that counts an output that is not there',
      { ...observing, ...counting, touches: { observed: '/observed/a', output: '/output/other' } },
      '/output/other is neither a whole number nor a list',
    ],
    [
      'that counts text',
      { ...observing, ...counting, touches: { observed: '/observed/a', output: '/output/note' } },
      '/output/note is neither a whole number nor a list',
    ],
  ])('%s', (_, changes, complaint) => {
    expect(complaintOf(() => declare(smallestWrite, changes))).toContain(complaint)
  })

  test('that only reads, but has preconditions', () => {
    const changes = { ...observing, preconditions: ['/observed/a'] }
    expect(complaintOf(() => declare(smallestRead, changes))).toContain('only reads')
  })

  test.each<[why: string, late: object, complaint: string]>([
    ['of text', { thing: { maximum: 1 } }, 'only a whole number has a range'],
    ['of nothing', { count: { minimum: 2, maximum: 1 } }, 'the range is empty'],
    ['of fractions', { count: { maximum: 0.5 } }, 'whole numbers'],
    ['of something else', { count: { most: 2 } }, 'minimum and maximum'],
    ['of an argument that is not there', { other: { maximum: 2 } }, 'there is no argument other'],
  ])('whose late field has a range %s', (_, late, complaint) => {
    const input = z.strictObject({ thing: z.string(), count: z.int() })
    const resource = { type: 'Thing', id: '/args/count' }
    expect(complaintOf(() => declare(smallestWrite, { input, late, resource }))).toContain(complaint)
  })
})

describe('a contract', () => {
  test('carries what is declared, and nothing where nothing is', () => {
    const preconditions = ['/observed/a', '/observed/b/c']
    const touches = { observed: '/observed/found', output: '/output/touched' }
    const { contract } = declare(smallestWrite, { ...observing, ...counting, preconditions, touches })
    expect(contract).toMatchObject({ preconditions, touches })
    const plain = declare(smallestWrite, { preconditions: [] }).contract
    expect(Object.keys(plain)).not.toEqual(expect.arrayContaining(['preconditions']))
    expect(plain).not.toHaveProperty('touches')
    expect(plain).not.toHaveProperty('late_ranges')
  })

  test('names its late fields, with the ranges of those that have one', () => {
    const input = z.strictObject({ thing: z.string(), count: z.int(), note: z.string() })
    const late = { count: { minimum: 0, maximum: 10 }, note: {} }
    const { contract } = declare(smallestWrite, { input, late })
    expect(contract.late).toEqual(['count', 'note'])
    expect(contract.late_ranges).toEqual({ count: { minimum: 0, maximum: 10 } })
    expect(declare(smallestWrite, { input, late: { note: {} } }).contract).not.toHaveProperty('late_ranges')
  })
})

describe('the tools of a configuration', () => {
  const observed = (changes: object) => declare({ ...smallestWrite, ...observing }, changes)

  test('may rest on what the observing tool gives', () => {
    requireObserved([getInvoice, observed({ preconditions: ['/observed/refundable_cents', '/observed/note'] })])
    requireObserved([getInvoice, observed({ touches: { observed: '/observed/refundable_cents' } })])
  })

  test.each<[why: string, changes: object, complaint: string]>([
    ['on a field that it does not give', { preconditions: ['/observed/paid'] }, '/observed/paid leads nowhere'],
    ['on a count that is text', { touches: { observed: '/observed/currency' } }, 'neither a whole number nor a list'],
  ])('may not rest %s', (_, changes, complaint) => {
    expect(complaintOf(() => requireObserved([getInvoice, observed(changes)]))).toContain(complaint)
  })

  test('may not look through a downstream that lets the call through only when the look is too old', () => {
    const shared = (perSecond: number) => ({ class: 'queryable', name: getInvoice.contract.name, rate: { perSecond } })
    const tools = (perSecond: number) => [
      getInvoice,
      observed({ preconditions: ['/observed/note'], downstream: shared(perSecond) }),
    ]
    requireObserved(tools(0.4))
    expect(complaintOf(() => requireObserved(tools(0.3)))).toContain('looks are fresh for 5000 ms only')
    const slower = { [getInvoice.contract.name]: { rate: { per_second: 0.3, burst: 1 } } }
    expect(complaintOf(() => requireObserved(tools(0.4), slower))).toContain('looks are fresh for 5000 ms only')
    requireObserved([getInvoice, observed({ downstream: shared(0.3) })])
  })

  test('are taken as they are where the observing tool is loaded elsewhere', () => {
    requireObserved([observed({ preconditions: ['/observed/paid'] })])
  })
})
