import { describe, expect, test } from 'vitest'
import { defineConfig } from '../../src/contract/define-config.js'
import { limitOverridesOf } from '../../src/contract/limit-settings.js'
import { downstreamOf, limitsOf, usualBreaker } from '../../src/domain/downstream-limits.js'
import { declare, smallestRead, smallestWrite } from '../_util/contracts.js'

const downstream = (changes: object) => ({ downstream: { class: 'queryable', ...changes } })

describe('the limits of a downstream', () => {
  test('are absent from a contract that declares none; then it is a downstream of its own, with the usual breaker', () => {
    const { contract } = declare(smallestWrite)
    expect(contract.downstream).toEqual({ class: 'queryable', call_timeout_ms: 10_000 })
    expect(downstreamOf(contract)).toBe(contract.name)
    expect(limitsOf(contract)).toEqual({ rate: null, breaker: usualBreaker })
  })

  test('are those that the contract declares, but for what the configuration says of the downstream', () => {
    const { contract } = declare(
      smallestWrite,
      downstream({ name: 'billing', rate: { perSecond: 2.5 }, breaker: { failures: 9, open: '1m' } }),
    )
    const breaker = { ...usualBreaker, failures: 9, open_ms: 60_000 }
    expect(downstreamOf(contract)).toBe('billing')
    expect(limitsOf(contract)).toEqual({ rate: { per_second: 2.5, burst: 2 }, breaker })
    const slower = limitOverridesOf({ billing: { rate: { perSecond: 1, burst: 7 } }, other: { breaker: 'off' } })
    expect(limitsOf(contract, slower)).toEqual({ rate: { per_second: 1, burst: 7 }, breaker })
    expect(limitsOf(contract, limitOverridesOf({ billing: { breaker: 'off' } })).breaker).toBeNull()
  })

  test.each([
    [{ name: 'Billing' }, 'the name of a downstream is lower case words'],
    [{ rate: { perSecond: 0 } }, 'downstream.rate.perSecond: a number from 0.001 to 100000'],
    [{ rate: { perSecond: 5, burst: 0 } }, 'downstream.rate.burst: a whole number, 1 at least'],
    [{ breaker: { failures: 0 } }, 'downstream.breaker.failures: a whole number, 1 at least'],
    [{ breaker: { open: 'soon' } }, 'downstream.breaker.open: a duration such as 5s'],
  ])('are refused where they say nothing that can be kept to: %j', (changes, complaint) => {
    expect(() => declare(smallestWrite, downstream(changes))).toThrow(complaint)
  })

  test('and the times of the reconciler are checked in the configuration', () => {
    const config = { deployment: 'd', tenants: ['t'], groups: [], policies: '.', tools: async () => [] }
    const wrong = { downstreams: { billing: { rate: { perSecond: -1 } } }, reconcile: { every: '10ms' } } as const
    expect(() => defineConfig({ ...config, ...wrong })).toThrow(
      'downstreams.billing.rate.perSecond: a number from 0.001 to 100000; reconcile.every: a duration, 1s at least',
    )
  })
})

test('a tool that reads has no effects to list', () => {
  expect(() => declare(smallestRead, { listEffects: async () => [] })).toThrow('no effects to list')
  expect(declare(smallestWrite, { listEffects: async () => [] }).contract.lists_effects).toBe(true)
})
