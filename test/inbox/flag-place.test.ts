import { describe, expect, test } from 'vitest'
import type { Envelope } from '../../src/domain/envelope.js'
import { flagPlace } from '../../src/inbox/parts/flag-place.js'
import { envelopeWith, namesOfFlags } from '../approval/sample-envelope.js'

describe('where a flag is', () => {
  test('is told in words, for every text that can have one', () => {
    const odd = 'x\u202e'
    const rows = Array.from({ length: 60 }, () => 1)
    const plain = envelopeWith({
      args: { message: odd, rows },
      goal: odd,
      reason: odd,
      ticket_id: odd,
      resource: `Invoice ${odd}`,
    })
    const { chain, request, steps } = plain
    const change = { label: 'Note', pointer: `/args/${odd}`, before: odd, after: odd }
    const envelope = {
      ...plain,
      explanation: odd,
      chain: { ...chain, agent: odd, on_behalf_of: odd, owner: odd, actors: [odd] },
      request: { ...request, context: { ...request.context, request_id: odd, incident_id: odd, user_id: odd } },
      steps: steps.map((step) => ({ ...step, summary: odd, changes: [change] })),
      done: [{ ...steps[0], resource: `Invoice ${odd}` }],
      amendments: [{ step: 'step1', amended_by: odd, reason: odd, changes: [change] }],
      moved: [{ step: 'step1', changes: [change] }],
      asked_before: [{ action_id: 'act_0', at: 'then', explanation: odd }],
    } as Envelope
    const names = namesOfFlags(envelope)
    expect(names).toHaveLength(27)
    for (const name of names) expect(flagPlace(name, ['step1']).words, name).toMatch(/^(in|among) \w/)
    expect(new Set(names.map((name) => flagPlace(name, ['step1']).words)).size).toBe(names.length)
  })

  test.each([
    ['bidi /steps/0/args/message', ['step1'], 'in the field', 'message'],
    ['cut /steps/1/args/customer/name~1first', ['look', 'pay'], 'in pay, in the field', 'customer/name~1first'],
    ['bidi /steps/0/args/a b /steps/1/args/c', ['step1'], 'in the field', 'a b /steps/1/args/c'],
    ['invisible /steps/0/args/', ['step1'], 'in the field', '""'],
    ['hidden /steps/0/args', ['look', 'pay'], 'in look, among the arguments', null],
    ['cut /what/nobody/knows', [], 'in', '/what/nobody/knows'],
  ])('of %s', (name, steps, words, field) => {
    expect(flagPlace(name, steps)).toEqual({ words, field })
  })
})
