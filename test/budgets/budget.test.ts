import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Amount,
  amountOf,
  type Budget,
  budgetsFor,
  dimensions,
  isNear,
  noTotals,
  type Planned,
  type Spender,
  scopeKey,
  scopeOf,
  tellScope,
  unknownTotals,
  usedAfter,
  verdictOn,
} from '../../src/domain/budget.js'

const names = fc.oneof(fc.constantFrom('', 'a', 'b', '"],["agent","b', 'agent:a', 'Invoice in_1'), fc.string())
const spenders: fc.Arbitrary<Spender> = fc.record({
  tenant: names,
  owner: names,
  agent: names,
  tool: names,
  target: names,
})
const pers = fc.uniqueArray(fc.constantFrom(...dimensions), { minLength: 1 })
const currencies = fc.constantFrom('usd', 'eur')
const amounts: fc.Arbitrary<Amount> = fc.record({
  calls: fc.constant(1),
  writes: fc.constantFrom(0, 1),
  spend_cents: fc.integer({ min: 0, max: 1_000_000 }),
  currency: currencies,
})
const planned: fc.Arbitrary<Planned> = fc.record({ spender: spenders, amount: amounts })
const budget: Budget = { name: 'b', per: ['owner'], of: 'spend_cents', limit: 100, window_ms: 1_000, tools: null }
const spender: Spender = { tenant: 'acme', owner: 'person:ann', agent: 'agent:a', tool: 'pay', target: 'Invoice in_1' }
const pays: Amount = { calls: 1, writes: 1, spend_cents: 5, currency: 'usd' }
const reads: Amount = { calls: 1, writes: 0, spend_cents: 0, currency: null }
const unused = { calls: 0, writes: 0, spend_cents: 0 }

describe('the scope of a call', () => {
  test('has one key whatever the order it is asked in, and another for anything that differs', () => {
    fc.assert(
      fc.property(spenders, spenders, pers, fc.func(fc.nat()), (one, other, per, by) => {
        const shuffled = [...per].sort((a, b) => by(a) - by(b))
        expect(scopeKey(scopeOf(shuffled, one))).toBe(scopeKey(scopeOf(per, one)))
        const same = per.every((dimension) => one[dimension] === other[dimension])
        expect(scopeKey(scopeOf(per, one)) === scopeKey(scopeOf(per, other))).toBe(same)
      }),
    )
  })

  test('is told to people in words', () => {
    expect(tellScope(scopeOf(['tool', 'owner'], spender))).toBe('owner person:ann, tool pay')
    expect(tellScope(scopeOf(['owner'], { ...spender, owner: '' }))).toBe('owner (none)')
  })
})

describe('a budget', () => {
  test('counts the calls of its tools, and only what takes something of it', () => {
    const of = (changes: Partial<Budget>, amount: Amount) => budgetsFor([{ ...budget, ...changes }], spender, amount)
    expect(of({}, pays)).toHaveLength(1)
    expect(of({}, reads)).toHaveLength(0)
    expect(of({ of: 'writes' }, reads)).toHaveLength(0)
    expect(of({ of: 'calls' }, reads)).toHaveLength(1)
    expect(of({ tools: ['pay'] }, pays)).toHaveLength(1)
    expect(of({ tools: ['note'] }, pays)).toHaveLength(0)
    expect(of({ of: 'reported_tokens' }, reads)).toHaveLength(1)
  })

  test('is never exceeded by what fits, however often it is asked, and is near from 80 % on, once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.array(fc.integer({ min: 0, max: 120 })), (limit, asked) => {
        let used = 0
        let told = 0
        for (const amount of asked) {
          const { fits, comesNear } = verdictOn({ limit }, used, amount)
          expect(fits).toBe(used + amount <= limit)
          if (comesNear) told += 1
          if (fits) used += amount
          expect(used).toBeLessThanOrEqual(limit)
          expect(told).toBe(isNear(used, limit) ? 1 : 0)
        }
      }),
    )
    expect([isNear(79, 100), isNear(80, 100)]).toEqual([false, true])
  })

  test('takes nothing of what is reported: that was used before', () => {
    expect(amountOf('reported_tokens', pays)).toBe(0)
    expect(amountOf('spend_cents', pays)).toBe(5)
  })
})

describe('what is used after some calls', () => {
  test('adds up exactly those of the scope, money by its currency, in any order', () => {
    fc.assert(
      fc.property(fc.array(planned), spenders, pers, currencies, (calls, one, per, currency) => {
        const scope = scopeOf(per, one)
        const mine = calls.filter(({ spender }) => per.every((dimension) => spender[dimension] === one[dimension]))
        const used = usedAfter(unused, scope, calls, currency)
        expect(used).toEqual(usedAfter(unused, scope, [...calls].reverse(), currency))
        expect(used.calls).toBe(mine.length)
        expect(used.spend_cents).toBe(
          mine.reduce((sum, { amount }) => sum + (amount.currency === currency ? amount.spend_cents : 0), 0),
        )
      }),
    )
  })

  test('is never more than can be told exactly', () => {
    const all = unknownTotals.owner
    expect(usedAfter(all, scopeOf(['owner'], spender), [{ spender, amount: pays }], 'usd')).toEqual(all)
    expect(noTotals.tenant).toEqual(unused)
  })
})
