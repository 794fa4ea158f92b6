import { expect, test } from 'vitest'
import { tellBounds, tellStanding, tellWindow } from '../../src/domain/tell-budget.js'

const money = { name: 'refunds', scope: 'agent agent:desk', of: 'spend_cents', window_ms: 86_400_000 } as const
const standing = { ...money, limit: 100_000, used: 40_000, left: 60_000 }

test('two currencies of one budget are told apart', () => {
  const inDollars = tellStanding({ ...standing, currency: 'usd' })
  const inFrancs = tellStanding({ ...standing, currency: 'chf' })
  expect(inDollars).toBe('$600.00 left, $400.00 of $1,000.00 used in 1 d (money spent)')
  expect(inFrancs).toBe('600.00 CHF left, 400.00 CHF of 1,000.00 CHF used in 1 d (money spent)')
})

test('what is no money is counted, and what a plan limits is told in the same words', () => {
  const tokens = { ...standing, of: 'reported_tokens', currency: null } as const
  expect(tellStanding(tokens)).toMatch(/^60,000 left, .*\(tokens, as the agent reports them\)$/)
  const bounds = [
    { name: 'steps', limit: 2 },
    { name: 'writes', limit: 1 },
    { name: 'spend_cents', limit: 5_000 },
  ]
  expect(tellBounds(bounds)).toBe('steps 2, changes 1, money spent 50.00')
  expect(tellBounds([])).toBe('')
})

test.each([
  [86_400_000, '1 d'],
  [5_400_000, '90 min'],
  [1_500, '1500 ms'],
])('a window of %i ms is told in the largest unit of which it is whole', (ms, told) => {
  expect(tellWindow(ms)).toBe(told)
})
