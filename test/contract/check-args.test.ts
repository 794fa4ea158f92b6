import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { checkArgs, checkSide } from '../../src/contract/check-args.js'
import type { Step } from '../../src/domain/request.js'
import { addNote, declare, refundInvoice, registered, smallestRead } from '../_util/contracts.js'

const refund = registered(refundInvoice)
const good = { invoice_id: 'in_1', reason_code: 'goodwill' }
const step = (args: object): Step => ({ id: 'step1', tool: 'x', args: JSON.parse(JSON.stringify(args)) })

describe('the arguments of a step', () => {
  test('pass if they fit the contract', () => {
    expect(checkArgs(refund, step(good), [])).toEqual([])
    expect(checkArgs(refund, step({ ...good, amount_cents: 1 }), [])).toEqual([])
  })

  test.each<[what: string, args: object, problem: object]>([
    ['missing', { reason_code: 'goodwill' }, { pointer: '/invoice_id', message: expect.stringContaining('required') }],
    ['of another type', { ...good, invoice_id: 7 }, { pointer: '/invoice_id', message: 'must be string' }],
    ['not among the choices', { ...good, reason_code: 'x' }, expect.objectContaining({ pointer: '/reason_code' })],
    ['a fraction', { ...good, amount_cents: 1.5 }, { pointer: '/amount_cents', message: 'must be integer' }],
    ['too small', { ...good, amount_cents: 0 }, { pointer: '/amount_cents', message: 'must be > 0' }],
    ['null', { ...good, amount_cents: null }, { pointer: '/amount_cents', message: 'must be integer' }],
    ['unknown', { ...good, force: true }, { pointer: '/force', message: 'there is no argument force' }],
    [
      'an entity in disguise',
      { ...good, invoice_id: { __entity: { type: 'Agent', id: 'root' } } },
      { pointer: '/invoice_id', message: 'must be string' },
    ],
  ])('are refused if one is %s', (_, args, problem) => {
    expect(checkArgs(refund, step(args), [])).toEqual([problem])
  })

  test('are refused if they bring a prototype', () => {
    const args = JSON.parse('{"invoice_id":"in_1","reason_code":"goodwill","__proto__":{"admin":true}}')
    expect(checkArgs(refund, { id: 'step1', tool: 'x', args }, [])).toEqual([
      { pointer: '/__proto__', message: 'there is no argument __proto__' },
    ])
  })

  test('name the choices there are', () => {
    expect(checkArgs(refund, step({ ...good, reason_code: 'x' }), [])[0]?.message).toBe(
      'must be one of duplicate_charge, goodwill',
    )
  })

  test('have all their problems named', () => {
    expect(checkArgs(refund, step({ amount_cents: -1 }), [])).toHaveLength(3)
  })

  test('need no field that is filled later, whatever stands there now, but all the others', () => {
    const note = registered(addNote)
    const reference = { $from: 'step1.refund_id' }
    expect(checkArgs(note, step({ ticket: 't', text: 'x', refund_id: reference }), ['refund_id'])).toEqual([])
    expect(checkArgs(note, step({ ticket: 't', refund_id: reference }), ['refund_id'])).toHaveLength(1)
    expect(checkArgs(note, step({ ticket: 't', text: 'x', refund_id: reference }), [])).toHaveLength(1)
  })

  test('are checked against the contract with that digest, not against another of the same name', () => {
    const other = registered(
      declare(smallestRead, { name: 'refund_invoice', input: z.strictObject({ thing: z.int() }) }),
    )
    expect(checkArgs(refund, step(good), [])).toEqual([])
    expect(checkArgs(other, step(good), [])).not.toEqual([])
  })

  test('can have a schema with an id of its own', () => {
    const named = z.string().meta({ id: 'ThingId' })
    for (const name of ['one', 'two']) {
      const tool = registered(declare(smallestRead, { name, input: z.strictObject({ thing: named }) }))
      expect(checkArgs(tool, step({ thing: 'x' }), [])).toEqual([])
      expect(checkArgs(tool, step({ thing: 1 }), [])).toHaveLength(1)
    }
  })
})

describe('one side of a contract', () => {
  test('is checked as a whole', () => {
    expect(checkSide(refund, 'output', { refund_id: 're_1', amount_cents: 1 })).toEqual([])
    expect(checkSide(refund, 'output', { refund_id: 're_1' })).toHaveLength(1)
    expect(checkSide(refund, 'output', null)).toHaveLength(1)
    expect(checkSide(refund, 'input', good)).toEqual([])
    expect(checkSide(refund, 'input', {})).toHaveLength(2)
  })
})
