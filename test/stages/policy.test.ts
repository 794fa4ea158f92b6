import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type DecisionResult,
  decidePlan,
  type PolicyDecision,
  type Requirements,
  strongest,
  tellRequirements,
} from '../../src/domain/policy.js'

const requirements = fc.dictionary(
  fc.constantFrom('finance', 'security', 'privacy', 'approvers'),
  fc.integer({ min: 1, max: 5 }),
)
const decisions = fc
  .record({
    step: fc.stringMatching(/^step\d$/),
    result: fc.constantFrom<DecisionResult>('allow', 'deny', 'require-approval'),
    policy_ids: fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 2 }),
    explanation: fc.constantFrom('One.', 'Two.'),
    needs: requirements,
  })
  .map(({ needs, ...rest }) => decision(rest, rest.result === 'require-approval' ? needs : {}))

function decision(
  said: Partial<PolicyDecision> & { result: DecisionResult },
  needs: Requirements = {},
): PolicyDecision {
  return {
    step: 'step1',
    policy_ids: [],
    permitted_by: [],
    policy_digest: 'sha256:p',
    input_digest: 'sha256:i',
    contract_digest: 'sha256:c',
    requirements: needs,
    explanation: '',
    ...said,
  }
}

const strictness = (result: DecisionResult) => ['allow', 'require-approval', 'deny'].indexOf(result)

describe('the decision on a plan', () => {
  test('is the strictest of its steps, whatever their order', () => {
    fc.assert(
      fc.property(fc.array(decisions, { minLength: 1, maxLength: 6 }), (all) => {
        const strictest = Math.max(...all.map(({ result }) => strictness(result)))
        for (const order of [all, [...all].reverse()]) {
          expect(strictness(decidePlan(order).result)).toBe(strictest)
        }
      }),
    )
  })

  test('asks, per group, for the most that any step asks for', () => {
    fc.assert(
      fc.property(fc.array(decisions, { minLength: 1, maxLength: 6 }), (all) => {
        const plan = decidePlan(all)
        if (plan.result !== 'require-approval') {
          expect(plan.requirements).toEqual({})
          return
        }
        for (const { requirements } of all) {
          for (const [group, count] of Object.entries(requirements)) {
            expect(plan.requirements[group]).toBeGreaterThanOrEqual(count)
          }
        }
        for (const [group, count] of Object.entries(plan.requirements)) {
          expect(all.some(({ requirements }) => requirements[group] === count)).toBe(true)
        }
      }),
    )
  })

  test('names the policies and gives the words of the deciding steps only, each once', () => {
    const plan = decidePlan([
      decision({ result: 'allow', policy_ids: ['desk'], explanation: 'Permitted by desk.' }),
      decision({ result: 'deny', policy_ids: ['no-a'], explanation: 'No.' }),
      decision({ result: 'deny', policy_ids: ['no-a', 'no-b'], explanation: 'No.' }),
      decision({ result: 'require-approval', policy_ids: ['ask'], explanation: 'Ask.' }, { finance: 1 }),
    ])
    expect(plan).toEqual({
      result: 'deny',
      policy_ids: ['no-a', 'no-b'],
      policy_digest: 'sha256:p',
      requirements: {},
      explanation: 'No.',
    })
  })
})

describe('the strongest requirements', () => {
  const sorted = (each: Requirements) => Object.entries(each).sort()

  test('are the same whatever the order, however grouped, and however often repeated', () => {
    fc.assert(
      fc.property(requirements, requirements, requirements, (a, b, c) => {
        expect(sorted(strongest([a, b]))).toEqual(sorted(strongest([b, a])))
        expect(sorted(strongest([strongest([a, b]), c]))).toEqual(sorted(strongest([a, strongest([b, c])])))
        expect(sorted(strongest([a, a]))).toEqual(sorted(a))
      }),
    )
  })

  test('of nothing are none', () => {
    expect(strongest([])).toEqual({})
  })
})

test('requirements are told in words', () => {
  expect(tellRequirements({ finance: 1, security: 2 })).toBe('finance 1 and security 2')
})
