import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkArgs } from '../../src/contract/check-args.js'
import type { EffectClass, RegisteredContract } from '../../src/domain/contract.js'
import { maxSteps, planProblems, referencesOf } from '../../src/domain/plan.js'
import type { ActionRequest, Bounds, Step } from '../../src/domain/request.js'
import { addNote, cancelSubscription, eraseCustomer, registered, sampleTools } from '../_util/contracts.js'

const refund: Step = {
  id: 'step1',
  tool: 'refund_invoice',
  args: { invoice_id: 'in_1', reason_code: 'goodwill', amount_cents: 4200 },
}
const note: Step = { id: 'step2', tool: 'add_note', args: { ticket: 'zd_1', text: 'refunded', refund_id: 're_1' } }
const erase: Step = { id: 'step3', tool: 'erase_customer', args: { customer_id: 'cus_1' } }

function request(steps: readonly Step[], bounds?: Bounds, context: object = { ticket_id: 'zd_1' }): ActionRequest {
  return {
    tenant: 'acme',
    agent: 'agent:desk',
    plan: { steps, ...(bounds && { bounds }) },
    context: { request_id: 'r1', ...context },
  }
}

const live = (step: Step): RegisteredContract | undefined => {
  const tool = sampleTools[step.tool]
  return tool && registered(tool)
}

const problems = (asked: ActionRequest, contractOf = live) => planProblems(asked, contractOf, checkArgs)
const codes = (asked: ActionRequest, contractOf = live) =>
  problems(asked, contractOf).map(({ code, pointer }) => `${code} ${pointer}`)

describe('a plan', () => {
  test('with known tools, fitting arguments and its binding is sound', () => {
    expect(problems(request([refund, note, erase]))).toEqual([])
  })

  test('names only tools that are known', () => {
    expect(codes(request([{ ...refund, tool: 'drop_table' }]))).toEqual(['EXQ-1101 /plan/steps/0/tool'])
  })

  test('may use a deprecated contract, but no withdrawn one', () => {
    expect(problems(request([note]), () => registered(addNote, 'deprecated', 'use version 2'))).toEqual([])
    expect(problems(request([note]), () => registered(addNote, 'withdrawn', 'use version 2'))).toEqual([
      { code: 'EXQ-1107', pointer: '/plan/steps/0/tool', message: 'use version 2' },
    ])
  })

  test('has arguments that fit, and says which do not', () => {
    const args = { reason_code: 'because', amount_cents: 0.5, extra: true }
    expect(codes(request([{ ...refund, args }])).sort()).toEqual([
      'EXQ-1102 /plan/steps/0/args/amount_cents',
      'EXQ-1102 /plan/steps/0/args/extra',
      'EXQ-1102 /plan/steps/0/args/invoice_id',
      'EXQ-1102 /plan/steps/0/args/reason_code',
    ])
  })

  test('names the business object its tools are bound to', () => {
    expect(codes(request([refund], undefined, {}))).toEqual(['EXQ-1103 /context/ticket_id'])
    expect(codes(request([refund], undefined, { ticket_id: '' }))).toEqual(['EXQ-1103 /context/ticket_id'])
    expect(codes(request([note], undefined, {}))).toEqual([])
  })

  test('has between one step and the most there may be', () => {
    expect(codes(request([]))).toEqual(['EXQ-1106 /plan/steps'])
    const many = (count: number) => Array.from({ length: count }, (_, index) => ({ ...note, id: `s${index}` }))
    expect(codes(request(many(maxSteps)))).toEqual([])
    expect(codes(request(many(maxSteps + 1)))).toEqual(['EXQ-1106 /plan/steps'])
  })

  test('has step ids of the right form, each used once', () => {
    expect(codes(request([{ ...note, id: 'Step 1' }]))).toEqual(['EXQ-1106 /plan/steps/0/id'])
    expect(codes(request([note, note]))).toEqual(['EXQ-1106 /plan/steps/1/id'])
  })

  test('is told all that is wrong with it at once', () => {
    const asked = request(
      [
        { ...erase, id: 'X' },
        { ...refund, args: {} },
      ],
      { steps: 1 },
      {},
    )
    expect(new Set(problems(asked).map(({ code }) => code))).toEqual(new Set(['EXQ-1102', 'EXQ-1103', 'EXQ-1106']))
  })
})

describe('a reference in a plan', () => {
  const withNote = (args: object) => request([refund, { ...note, args: { ...note.args, ...args } }])

  test.each(['no_such_output', 'constructor'])('refers only to what the earlier step gives: not to %s', (field) => {
    expect(problems(withNote({ refund_id: { $from: `step1.${field}` } }))).toEqual([
      { code: 'EXQ-1106', pointer: '/plan/steps/1/args/refund_id', message: `step1 does not give ${field}` },
    ])
  })

  test('fills a late field from an earlier step, and that field is not checked yet', () => {
    expect(problems(withNote({ refund_id: { $from: 'step1.refund_id' } }))).toEqual([])
  })

  test('fills no other field', () => {
    const asked = withNote({ ticket: { $from: 'step1.refund_id' } })
    expect(problems(asked).map(({ message }) => message)).toEqual(['ticket may not be filled by a reference'])
  })

  test.each(['step2', 'step3', 'nobody'])('does not point at itself, a later step or no step: %s', (step) => {
    const asked = request([
      refund,
      { ...note, args: { ...note.args, refund_id: { $from: `${step}.refund_id` } } },
      { ...note, id: 'step3' },
    ])
    expect(codes(asked)).toEqual(['EXQ-1106 /plan/steps/1/args/refund_id'])
  })

  test.each([
    { $from: 'step1' },
    { $from: 'step1.refund_id', or: 'x' },
    { deep: { $from: 'step1.refund_id' } },
    [{ $from: 'step1.refund_id' }],
  ])('stands alone: %j', (value) => {
    expect(codes(withNote({ refund_id: value }))).toContain('EXQ-1106 /plan/steps/1/args/refund_id')
  })

  test('is listed by the field it fills', () => {
    const args = { text: 'x', refund_id: { $from: 'step1.refund_id' } }
    expect(referencesOf({ ...note, args })).toEqual({ refund_id: { step: 'step1', field: 'refund_id' } })
  })
})

describe('the order of a plan', () => {
  const byEffect: Record<EffectClass, Step> = {
    none: { id: 'x', tool: 'get_invoice', args: { invoice_id: 'in_1' } },
    reversible: note,
    irreversible: erase,
  }

  test('is sound exactly if nothing that can be undone follows what cannot', () => {
    const effects = fc.array(fc.constantFrom<EffectClass>('none', 'reversible', 'irreversible'), {
      minLength: 1,
      maxLength: maxSteps,
    })
    fc.assert(
      fc.property(effects, (all) => {
        const steps = all.map((effect, index) => ({ ...byEffect[effect], id: `s${index}` }))
        const first = all.indexOf('irreversible')
        const sound = first < 0 || all.slice(first).every((effect) => effect === 'irreversible')
        expect(problems(request(steps)).length === 0).toBe(sound)
      }),
    )
  })
})

describe('the bounds of a plan', () => {
  const steps = (count: number, amount: number) =>
    Array.from({ length: count }, (_, index) => ({
      ...refund,
      id: `s${index}`,
      args: { ...refund.args, amount_cents: amount },
    }))

  test('are kept exactly: what they allow passes, one more does not', () => {
    const bounds = fc.constantFrom('steps' as const, 'calls' as const, 'writes' as const, 'spend_cents' as const)
    fc.assert(
      fc.property(bounds, fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 1e6 }), (bound, count, amount) => {
        const limit = bound === 'spend_cents' ? count * amount : count
        expect(problems(request(steps(count, amount), { [bound]: limit }))).toEqual([])
        expect(codes(request(steps(count, amount), { [bound]: limit - 1 }))).toEqual([`EXQ-1106 /plan/bounds/${bound}`])
      }),
    )
  })

  test('count no reads among the writes', () => {
    const read: Step = { id: 'look', tool: 'get_invoice', args: { invoice_id: 'in_1' } }
    expect(problems(request([read, refund], { writes: 1, steps: 2 }))).toEqual([])
    expect(problems(request([read], { writes: 0 }))).toEqual([])
  })

  test('say what the plan takes and what the bound is', () => {
    expect(problems(request([refund], { spend_cents: 4199 })).map(({ message }) => message)).toEqual([
      'the plan takes 4200, the bound is 4199',
    ])
  })
})

test('every step is checked against the contract it is pinned to', () => {
  const asked = request([{ ...note, tool: 'cancel_subscription', args: { subscription_id: 'sub_1' } }])
  expect(problems(asked, () => registered(cancelSubscription))).toEqual([])
  expect(problems(asked, () => registered(eraseCustomer))).not.toEqual([])
})
