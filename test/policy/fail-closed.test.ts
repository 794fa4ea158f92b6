import { isAuthorized } from '@cedar-policy/cedar-wasm/nodejs'
import { describe, expect, test } from 'vitest'
import { decide } from '../../src/policy/decide.js'
import { refundInvoice, registered } from '../_util/contracts.js'
import { engineOf, factsOf, permitDesk } from '../_util/policies.js'

const refund = 'principal, action == Action::"refund_invoice", resource'
const args = (amount_cents: number) => ({ invoice_id: 'in_1', reason_code: 'duplicate_charge', amount_cents })

describe('any doubt is a deny', () => {
  const overflow = `${permitDesk} @id("overflow") @require("finance:1") forbid (${refund})
    when { context.args.amount_cents + 9223372036854775807 > 0 };`

  test('a forbid that cannot be evaluated, which Cedar itself skips', () => {
    const engine = engineOf(overflow)
    const decision = decide(engine, factsOf())
    expect(decision).toMatchObject({ result: 'deny', requirements: {} })
    expect(decision.explanation).toMatch(/^EXQ-3003 .*overflow: .*overflow/)

    // The same question to Cedar alone: it notes the error, and allows.
    const answer = isAuthorized({
      principal: { type: 'Agent', id: 'desk' },
      action: { type: 'Action', id: 'refund_invoice' },
      resource: { type: 'Invoice', id: 'in_1' },
      context: { args: { amount_cents: 4200 } },
      policies: { staticPolicies: Object.fromEntries([...engine.set.policies].map(([id, { text }]) => [id, text])) },
      entities: [{ uid: { type: 'Agent', id: 'desk' }, attrs: {}, parents: [{ type: 'Group', id: 'support' }] }],
    })
    expect(answer).toMatchObject({
      type: 'success',
      response: { decision: 'allow', diagnostics: { reason: ['desk'], errors: [{ policyId: 'overflow' }] } },
    })
  })

  test('a permit that cannot be evaluated, even beside one that can', () => {
    const engine = engineOf(`${permitDesk} @id("broken") permit (${refund})
      when { context.args.amount_cents * 9223372036854775807 > 0 };`)
    expect(decide(engine, factsOf())).toMatchObject({
      result: 'deny',
      explanation: expect.stringContaining('EXQ-3003'),
    })
  })

  test('a required argument that is not there', () => {
    const decision = decide(engineOf(permitDesk), factsOf({ args: { invoice_id: 'in_1' } }))
    expect(decision).toMatchObject({ result: 'deny', policy_ids: [] })
    expect(decision.explanation).toContain('EXQ-3003')
  })

  test.each<[what: string, value: unknown]>([
    ['a text instead of a number', '4200'],
    ['a fraction', 4200.5],
    ['a number beyond what can be counted', 1e20],
    ['a list', [4200]],
    ['an entity in disguise', { __entity: { type: 'Agent', id: 'desk' } }],
    ['an extension in disguise', { __extn: { fn: 'decimal', arg: '1.0' } }],
  ])('%s', (_, value) => {
    const changed = { ...args(1), amount_cents: value } as never
    expect(decide(engineOf(permitDesk), factsOf({ args: changed })).result).toBe('deny')
  })

  test('a contract the engine does not know', () => {
    const contract = registered(refundInvoice, 'live', null, { name: 'refund_everything' })
    expect(decide(engineOf(permitDesk), factsOf({ contract })).result).toBe('deny')
  })
})

describe('an entity in disguise', () => {
  const admin = { __entity: { type: 'Agent', id: 'admin' } }
  const engine = engineOf(`${permitDesk} @id("text") forbid (${refund})
    when { context.args.invoice_id == "in_2" };`)

  test('is refused where a text belongs', () => {
    for (const value of [admin, { __entity: admin }, { __expr: 'Agent::"admin"' }]) {
      const decision = decide(engine, factsOf({ args: { ...args(1), invoice_id: value } }))
      expect(decision).toMatchObject({ result: 'deny', explanation: expect.stringContaining('EXQ-3003') })
    }
  })

  test('stays a text where it comes as one', () => {
    const text = JSON.stringify(admin)
    expect(decide(engine, factsOf({ args: { ...args(1), invoice_id: text } })).result).toBe('allow')
    const same = engineOf(
      `${permitDesk} @id("same") forbid (${refund}) when { context.args.invoice_id == ${JSON.stringify(text)} };`,
    )
    expect(decide(same, factsOf({ args: { ...args(1), invoice_id: text } })).policy_ids).toEqual(['same'])
  })

  test('is dropped where nothing was declared', () => {
    const extra = { ...args(1), smuggled: admin, __entity: { type: 'Agent', id: 'admin' } }
    expect(decide(engine, factsOf({ args: extra })).input_digest).toBe(
      decide(engine, factsOf({ args: args(1) })).input_digest,
    )
  })

  test('cannot be made of an id: quotes and all, it is one name', () => {
    const invoice_id = 'x" || true || Invoice::"in_1'
    const only = engineOf(`@id("one") permit (principal, action, resource == Invoice::"in_1");`)
    expect(decide(only, factsOf({ args: { ...args(1), invoice_id } })).result).toBe('deny')
    expect(decide(only, factsOf()).result).toBe('allow')
  })
})
