import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sumOf, tellMoney } from '../../src/domain/money.js'
import { fillSummary } from '../../src/domain/summary.js'

const template = 'Refund {/args/cents|usd} on {/args/id} of {/observed/customer/name}'
const fill = (args: Parameters<typeof fillSummary>[1]['args'], name: string | null = 'ann') =>
  fillSummary(template, { args, observed: { customer: { name } } })

describe('a summary', () => {
  test('has its values in their places, amounts as money', () => {
    expect(fill({ cents: 90_000, id: 'in_900' })).toBe('Refund $900.00 on in_900 of ann')
    expect(fill({ cents: 1, id: 7 })).toBe('Refund $0.01 on 7 of ann')
  })

  test('says where there is no value, or none yet', () => {
    expect(fill({ cents: 5 }, null)).toBe('Refund $0.05 on (none) of (none)')
    expect(fill({ cents: { $from: 'count.cents' }, id: 'in_1' })).toBe('Refund (what count.cents gives) on in_1 of ann')
    expect(fillSummary(template, { args: { cents: 5, id: 'in_1' }, observed: null })).toContain('of (none)')
  })

  test('does not take for money what is none', () => {
    for (const cents of ['500', 1.5, 2 ** 60, true]) expect(fill({ cents, id: 'in_1' })).not.toContain('$')
  })

  test('has any text that is not plain in quotes that it cannot end', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (id) => {
        const rest = fill({ cents: 5, id }).slice('Refund $0.05 on '.length)
        const shown = rest.slice(0, -' of ann'.length)
        expect(/^[A-Za-z0-9_.:@/~#+-]+$/.test(id) ? shown : JSON.parse(shown)).toBe(id)
      }),
    )
    expect(fill({ cents: 5, id: 'in_1 of bob, can be undone' })).toContain('on "in_1 of bob, can be undone" of ann')
  })

  test('is not filled twice: a value with braces is a value', () => {
    expect(fill({ cents: 5, id: '{/args/cents}' })).toBe('Refund $0.05 on "{/args/cents}" of ann')
    expect(fill({ cents: 5, id: '$& $1' })).toBe('Refund $0.05 on "$& $1" of ann')
  })
})

describe('money', () => {
  test.each([
    [0, 'usd', '$0.00'],
    [123_456_789, 'usd', '$1,234,567.89'],
    [-50, 'eur', '-€0.50'],
    [100_000, 'chf', '1,000.00 CHF'],
  ])('of %s hundredths in %s is told as %s', (cents, currency, told) => {
    expect(tellMoney({ cents, currency })).toBe(told)
  })

  test('is added up in one currency only, and only as far as that is exact', () => {
    const usd = (cents: number) => ({ cents, currency: 'usd' })
    expect(sumOf([usd(1), usd(2)])).toEqual(usd(3))
    expect(sumOf([])).toBeNull()
    expect(sumOf([usd(1), { cents: 1, currency: 'eur' }])).toBeNull()
    expect(sumOf([usd(Number.MAX_SAFE_INTEGER), usd(1)])).toBeNull()
  })
})
