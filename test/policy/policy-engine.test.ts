import { describe, expect, test } from 'vitest'
import { noTotals } from '../../src/domain/budget.js'
import { decide } from '../../src/policy/decide.js'
import { createPolicyEngine } from '../../src/policy/policy-engine.js'
import { parsePolicySet } from '../../src/policy/policy-set.js'
import { refundInvoice, sampleGroups } from '../_util/contracts.js'
import { approvals, complaintsOf, engineOf, factsOf, permitDesk } from '../_util/policies.js'

const refund = 'action == Action::"refund_invoice"'

describe('a policy set is refused', () => {
  test.each<[why: string, text: string, complaint: RegExp]>([
    [
      'for a misspelt action',
      '@id("a") permit (principal, action == Action::"refund_invoise", resource);',
      /EXQ-3002 \/a: .*unrecognized action.*refund_invoise/,
    ],
    [
      'for a misspelt action family',
      '@id("a") forbid (principal, action in Action::"risk:hihg", resource);',
      /EXQ-3002 \/a: .*unrecognized action/,
    ],
    [
      'for a misspelt attribute',
      `@id("a") forbid (principal, ${refund}, resource) when { context.args.amount_cent > 1 };`,
      /EXQ-3002 \/a: .*amount_cent/,
    ],
    [
      'for an argument that another tool has',
      '@id("a") forbid (principal, action == Action::"cancel_subscription", resource) when { context.args.amount_cents > 1 };',
      /EXQ-3002 \/a: .*amount_cents/,
    ],
    [
      'for an optional attribute without `has`',
      `@id("a") forbid (principal, ${refund}, resource) when { context.args.customer_message == "x" };`,
      /EXQ-3002 \/a: .*optional attribute `args.customer_message`/,
    ],
    [
      'for a late argument without `has`',
      '@id("a") forbid (principal, action == Action::"add_note", resource) when { context.args.refund_id == "x" };',
      /EXQ-3002 \/a: .*refund_id/,
    ],
    [
      'for an optional observation without `has`',
      `@id("a") forbid (principal, ${refund}, resource) when { context.observed.refundable_cents > 1 };`,
      /EXQ-3002 \/a: .*observed/,
    ],
    [
      'for comparing a number with a text',
      `@id("a") forbid (principal, ${refund}, resource) when { context.args.amount_cents == "1" };`,
      /EXQ-3002 \/a/,
    ],
    [
      'for an unknown kind of principal',
      '@id("a") permit (principal is Robot, action, resource);',
      /EXQ-3002 \/a: .*Robot/,
    ],
    [
      'for counting approvals of a group nobody declared',
      `@id("a") forbid (principal, ${refund}, resource) unless { context.approvals.legal >= 1 };`,
      /EXQ-3002 \/a: .*legal/,
    ],
    [
      'for a @require of a group nobody declared',
      `@id("a") @require("legal:1") forbid (principal, ${refund}, resource);`,
      /EXQ-3002 \/a: @require names the group legal/,
    ],
  ])('%s', (_, text, complaint) => {
    expect(complaintsOf(text)).toEqual(expect.arrayContaining([expect.stringMatching(complaint)]))
  })

  test('and told all that is wrong with it at once', () => {
    const text = `@id("a") permit (principal is Robot, action, resource);
      @id("b") @require("legal:1") forbid (principal, ${refund}, resource);`
    const complaints = complaintsOf(text).join('\n')
    expect(complaints).toContain('/a: ')
    expect(complaints).toContain('/b: ')
  })
})

describe('a policy may rely', () => {
  test.each<[on: string, text: string]>([
    ['on required and on filled arguments', 'context.args.invoice_id == "in_1" && context.args.amount_cents > 1'],
    ['on optional ones behind `has`', 'context.args has customer_message && context.args.customer_message like "*!"'],
    ['on what was observed', 'context has observed && context.observed.refundable_cents > 1'],
    ['on approvals of declared and reserved names', 'context.approvals.finance >= 1 && context.approvals.groups >= 1'],
    ['on the plan', 'context.plan.writes > 1 && context.plan.step == "step1"'],
    ['on a claim that there may be none of', 'context has on_behalf_of && context.on_behalf_of == "person:bob"'],
  ])('%s', (_, condition) => {
    expect(complaintsOf(`@id("a") forbid (principal, ${refund}, resource) when { ${condition} };`)).toEqual([])
  })

  test('on @require of declared groups and of the reserved names', () => {
    const text = '@id("a") @require("finance:1, approvers:2, groups:2") forbid (principal, action, resource);'
    expect(complaintsOf(text)).toEqual([])
  })
})

describe('an engine', () => {
  test('answers for its own set, however many others there are and in whatever order they are asked', () => {
    const engines = Array.from({ length: 70 }, (_, index) => {
      const text = `@id("p${index}") permit (principal, action, resource);`
      return createPolicyEngine(parsePolicySet({ 'a.cedar': text }), [refundInvoice.contract], sampleGroups)
    })
    for (const order of [engines, [...engines].reverse(), engines]) {
      for (const engine of order) {
        const { policy_ids, result } = decide(engine, factsOf())
        expect({ policy_ids, result }).toEqual({ policy_ids: [...engine.set.policies.keys()], result: 'allow' })
      }
    }
  })

  test('gives Cedar nothing that can run: a getter is read before the call into wasm, not inside it', () => {
    const engine = engineOf(permitDesk)
    const stacks: string[] = []
    const args = {
      reason_code: 'goodwill',
      amount_cents: 1,
      get invoice_id() {
        stacks.push(new Error('read').stack ?? '')
        return 'in_1'
      },
    }
    const facts = {
      plan: { step: 'step1', steps: 1, writes: 1 },
      session: { calls: 0, read_untrusted: false, read_sensitive: false },
      totals: noTotals,
      requested_approval: false,
    }
    const answer = engine.ask({
      principal: { type: 'Agent', id: 'desk' },
      action: 'refund_invoice',
      resource: { type: 'Invoice', id: 'in_1' },
      context: { ...facts, args, approvals: approvals() },
      entities: [
        { uid: { type: 'Agent', id: 'desk' }, attrs: { tenant: 'acme' }, parents: [{ type: 'Group', id: 'support' }] },
        { uid: { type: 'Invoice', id: 'in_1' }, attrs: { tenant: 'acme' }, parents: [] },
      ],
    })
    expect(answer).toEqual({ decision: 'allow', policy_ids: ['desk'], errors: [] })
    expect(stacks).not.toEqual([])
    expect(stacks.filter((stack) => stack.includes('wasm'))).toEqual([])
  })
})
