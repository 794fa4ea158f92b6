import { expect, test } from 'vitest'
import { heardFrom } from '../../activities/attempt-call.js'
import { isUnavailable } from '../../src/domain/answers.js'
import type { CallOutcome } from '../../src/ledger/queries/record-outcome.js'

const outcome = (changes: Partial<CallOutcome>): CallOutcome => ({
  effect: 'not-committed',
  output: null,
  error: { code: 'EXQ-5004', detail: 'no' },
  ...changes,
})

test('a refusal is an answer, as is an output that cannot be kept; no answer, or that the system is away, is none', () => {
  expect(heardFrom(outcome({}))).toBe('answered')
  expect(heardFrom(outcome({ effect: 'committed', error: null }))).toBe('answered')
  expect(heardFrom(outcome({ effect: 'unknown', error: { code: 'EXQ-5003', detail: 'odd' } }))).toBe('answered')
  expect(heardFrom(outcome({ effect: 'unknown', error: { code: 'EXQ-5002', detail: 'lost' } }))).toBe('silent')
  expect(heardFrom(outcome({ unavailable: true }))).toBe('silent')
})

test('a call that was not made says nothing of the downstream', () => {
  expect(heardFrom(outcome({ made: false }))).toBe('not-made')
  expect(heardFrom(null)).toBe('not-made')
})

test('a system is away where it says so with its status, and not where it refuses', () => {
  expect([503, 500, 429].map((status) => isUnavailable({ status }))).toEqual([true, true, true])
  expect([400, 404, 409].map((statusCode) => isUnavailable({ statusCode }))).toEqual([false, false, false])
  expect(isUnavailable(new Error('503'))).toBe(false)
})
