import { describe, expect, test } from 'vitest'
import type { Admitted } from '../../src/evidence/admitted.js'
import { doneBefore } from '../../src/evidence/done-before.js'

const intended = (step: string, round: number) => ({ step, phase: 'execute', generation: 0, round })
const committed = (step: string) => ({ step, phase: 'execute', generation: 0, attempt: 1, effect: 'committed' })

/** A plan of three steps, with what was intended and what was committed of it. */
const admitted = (intents: readonly object[], outcomes: readonly object[]) =>
  ({
    request: { plan: { steps: ['one', 'two', 'three'].map((id) => ({ id, tool: 'tool' })) } },
    record: { intents, outcomes, verifications: [] },
  }) as unknown as Admitted

describe('done before a round', () => {
  test('is what earlier rounds committed, and nothing that the round itself does', () => {
    const first = admitted([intended('one', 1)], [committed('one')])
    expect([...doneBefore(first, 1)]).toEqual([])
    expect([...doneBefore(first, 2)]).toEqual(['one'])
    const second = admitted([intended('one', 1), intended('two', 2)], [committed('one'), committed('two')])
    expect([...doneBefore(second, 2)]).toEqual(['one'])
    expect([...doneBefore(second, 3)]).toEqual(['one', 'two'])
  })

  test('is nothing that was begun and not committed', () => {
    expect([...doneBefore(admitted([intended('one', 1)], []), 2)]).toEqual([])
  })
})
