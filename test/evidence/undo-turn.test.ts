import { describe, expect, test } from 'vitest'
import type { Phase } from '../../src/domain/lifecycle.js'
import type { Admitted, EvidenceDeps } from '../../src/evidence/admitted.js'
import { anewOutOfTurn, undoOutOfTurn } from '../../src/evidence/undo-turn.js'
import { refundInvoice, registered } from '../_util/contracts.js'

const contract = registered(refundInvoice)
const deps = {} as EvidenceDeps
const at = (step: string, phase: Phase) => ({ step, phase, generation: 0 })
const call = (step: string, phase: Phase, effect: string | null = 'committed', age_ms = 60_000) => ({
  intents: [{ ...at(step, phase), round: 1 }],
  attempts: [{ ...at(step, phase), attempt: 1, age_ms }],
  outcomes: effect ? [{ ...at(step, phase), attempt: 1, effect, age_ms }] : [],
})

/** A halted plan of two refunds, with what was called of it. */
function halted(calls: readonly ReturnType<typeof call>[], more: object = {}): Admitted {
  const all = <Key extends keyof ReturnType<typeof call>>(key: Key) => calls.flatMap((each) => each[key] as object[])
  return {
    request: { agent: 'agent:desk', plan: { steps: ['one', 'two'].map((id) => ({ id, tool: 'refund_invoice' })) } },
    record: {
      tenant: 'acme',
      id: 'act_1',
      halt: 'failed',
      outcome: null,
      cancellation: null,
      contracts: { one: { digest: 'd' }, two: { digest: 'd' } },
      intents: all('intents'),
      attempts: all('attempts'),
      outcomes: all('outcomes'),
      ...{ verifications: [], decisions: [], looks: [], late_results: [], observations: [], envelopes: [], votes: [] },
      ...more,
    },
    authority: { contractByDigest: () => contract, stops: [], principal: () => undefined, accountBy: () => null },
  } as unknown as Admitted
}
const turnOf = (step: string, admitted: Admitted) =>
  undoOutOfTurn(deps, admitted, { tenant: 'acme', action_id: 'act_1', ...at(step, 'compensate') })

const both = [call('one', 'execute'), call('two', 'execute')]

describe('the turn of an undoing', () => {
  test('comes after those of the later steps', () => {
    expect(turnOf('two', halted(both))).toBeNull()
    expect(turnOf('one', halted(both))).toBe('two is undone first')
    expect(turnOf('one', halted([...both, call('two', 'compensate', null, 10)]))).toBe('two is undone first')
    expect(turnOf('one', halted([...both, call('two', 'compensate')]))).toBeNull()
  })

  test('comes although a later step could not be undone', () => {
    expect(turnOf('one', halted([...both, call('two', 'compensate', 'not-committed')]))).toBeNull()
    const denied = { ...at('two', 'compensate'), stage: 'intent', round: 1, result: 'deny' }
    expect(turnOf('one', halted(both, { decisions: [denied] }))).toBeNull()
  })

  test('waits for a call of the step that got no answer, for as long as it may be applied', () => {
    const late = (age_ms: number) => {
      const first = call('one', 'execute', null, age_ms)
      const second = call('one', 'execute')
      const answered = second.outcomes.map((row) => ({ ...row, attempt: 2 }))
      return halted([{ ...first, outcomes: answered }])
    }
    expect(turnOf('one', late(29_000))).toBe('a call of one got no answer, and may still be applied')
    expect(turnOf('one', late(31_000))).toBeNull()
  })
})

describe('the turn of a call that people ordered anew', () => {
  const turnOfNext = (generation: number, first: ReturnType<typeof call>, more: object = {}) =>
    anewOutOfTurn(halted([first], more), { tenant: 'acme', action_id: 'act_1', ...at('one', 'execute'), generation })

  test('comes when the one before can no longer be applied', () => {
    const waits = 'the call of one before may still be applied'
    expect(turnOfNext(1, call('one', 'execute', 'unknown', 10))).toBe(waits)
    expect(turnOfNext(1, call('one', 'execute', null, 10_000))).toBe(waits)
    expect(turnOfNext(1, call('one', 'execute', 'unknown', 60_000))).toBeNull()
    expect(turnOfNext(1, call('one', 'execute', 'not-committed', 10))).toBeNull()
  })

  test('has come once it was begun, and is no matter of the first one', () => {
    const intents = [{ ...at('one', 'execute'), generation: 1, round: 2 }]
    expect(turnOfNext(1, call('one', 'execute', 'unknown', 10), { intents })).toBeNull()
    expect(turnOfNext(0, call('one', 'execute', 'unknown', 10))).toBeNull()
  })
})
