import type { ActivateInput } from '@temporalio/workflow'
import { expect, test } from 'vitest'
import { interceptors } from '../../src/temporal/one-of-a-kind.js'

type Jobs = NonNullable<ActivateInput['activation']['jobs']>

/** The jobs that reach the workflow. */
function passedOn(jobs: Jobs): Jobs {
  const [internals] = interceptors().internals ?? []
  let seen: Jobs = []
  internals?.activate?.({ activation: { runId: 'run', jobs }, batchIndex: 0 }, ({ activation }) => {
    seen = activation.jobs ?? []
  })
  return seen
}

const signal = (signalName: string) => ({ signalWorkflow: { signalName } })

test('of ten thousand signals that arrive together the first of each name is handled, and every other job', () => {
  const flood = Array.from({ length: 10_000 }, (_, each) => signal(each % 2 === 0 ? 'approval' : 'other'))
  const start = { initializeWorkflow: { workflowId: 'acme/act' } }
  const timers = [{ fireTimer: { seq: 1 } }, { fireTimer: { seq: 1 } }]
  expect(passedOn([start, ...flood, ...timers])).toEqual([start, signal('approval'), signal('other'), ...timers])
})

test('what arrives alone is left as it is', () => {
  const jobs = [signal('approval'), { cancelWorkflow: {} }]
  expect(passedOn(jobs)).toEqual(jobs)
})
