import { describe, expect, test } from 'vitest'
import { meaningOf } from '../../src/domain/answers.js'
import { compare } from '../../src/domain/postcondition.js'

describe('a postcondition', () => {
  const known = { args: { amount: 5, note: { a: [1] } }, output: { id: 're_1' }, observed: { currency: 'usd' } }

  test('holds where every field is what it has to be, and says what that was', () => {
    const wanted = {
      amount: { equals: '/args/amount' },
      id: { equals: '/output/id' },
      currency: { equals: '/observed/currency' },
      note: { equals: '/args/note' },
      status: { one_of: ['done', 'pending'] },
    }
    const found = { amount: 5, id: 're_1', currency: 'usd', note: { a: [1] }, status: 'done', more: true }
    expect(compare(wanted, known, found)).toEqual({
      holds: true,
      claimed: { amount: 5, id: 're_1', currency: 'usd', note: { a: [1] }, status: ['done', 'pending'] },
    })
  })

  test.each<[what: string, found: Record<string, never | unknown>]>([
    ['another value', { amount: 4 }],
    ['a value of another type', { amount: '5' }],
    ['nothing in its place', {}],
    ['null in its place', { amount: null }],
  ])('does not hold with %s', (_, found) => {
    expect(compare({ amount: { equals: '/args/amount' } }, known, found as never).holds).toBe(false)
  })

  test('does not hold with a value that is not among those it may be', () => {
    expect(compare({ status: { one_of: ['done'] } }, known, { status: 'failed' }).holds).toBe(false)
    expect(compare({ status: { one_of: ['done'] } }, known, {}).holds).toBe(false)
  })

  test('demands nothing where its pointer leads to nothing in this call', () => {
    const wanted = { id: { equals: '/output/id' }, other: { equals: '/args/other' } }
    expect(compare(wanted, { ...known, output: null }, { id: 'anything' })).toEqual({ holds: true, claimed: {} })
  })
})

describe('what an answer means', () => {
  const answers = { 409: 'yes', 422: 'no', 500: 'unknown', duplicate: 'yes' } as const

  test.each([
    [{ status: 409 }, 'yes'],
    [{ statusCode: 422 }, 'no'],
    [{ status: 500 }, 'unknown'],
    [{ code: 'duplicate', status: 422 }, 'yes'],
    [{ code: 'other', statusCode: 422 }, 'no'],
    [{ status: 503 }, null],
    [{ code: 'toString' }, null],
    [new Error('nothing'), null],
    [null, null],
    ['text', null],
  ])('%o: %s', (error, meaning) => {
    expect(meaningOf(error, { answers })).toBe(meaning)
  })

  test('is nothing where the contract names none', () => {
    expect(meaningOf({ status: 409 }, {})).toBeNull()
  })
})
