import { describe, expect, test } from 'vitest'
import { digest } from '../../src/digest.js'
import { decide } from '../../src/policy/decide.js'
import { addNote, cancelSubscription, getInvoice, refundInvoice } from '../_util/contracts.js'
import { approvals, engineOf, factsOf, permitDesk } from '../_util/policies.js'

const refund = 'principal, action == Action::"refund_invoice", resource'
const over500 = `
  @id("over-500") @require("finance:1") @say("Refunds over 500 need someone from finance.")
  forbid (${refund}) when { context.args.amount_cents > 50000 } unless { context.approvals.finance >= 1 };`
const goodwill = `
  @id("goodwill") @require("finance:2, security:1") @say("Goodwill needs two and security.")
  forbid (${refund}) when { context.args.reason_code == "goodwill" }
  unless { context.approvals.finance >= 2 && context.approvals.security >= 1 };`
const args = (amount_cents: number, reason_code = 'duplicate_charge') => ({
  invoice_id: 'in_1',
  reason_code,
  amount_cents,
})

describe('a decision', () => {
  test('allows what a permit names and nothing forbids, and says which', () => {
    expect(decide(engineOf(permitDesk + over500), factsOf())).toMatchObject({
      step: 'step1',
      result: 'allow',
      policy_ids: ['desk'],
      requirements: {},
      explanation: 'Permitted by desk.',
    })
  })

  test('denies what no policy permits, and says so', () => {
    const decision = decide(engineOf(''), factsOf())
    expect(decision).toMatchObject({ result: 'deny', policy_ids: [], requirements: {} })
    expect(decision.explanation).toBe(
      'No policy permits agent:desk to refund_invoice: a permit that names it, or its group, has to be added first.',
    )
  })

  test('asks for no approval where people could not help, as nothing permits the call', () => {
    const decision = decide(engineOf(over500), factsOf({ args: args(60_000) }))
    expect(decision.result).toBe('deny')
    expect(decision.explanation).toContain('No policy permits agent:desk')
  })

  test('permits a group to its members only', () => {
    const stranger = { id: 'agent:other', owner: null, groups: ['sales'], environment: null }
    expect(decide(engineOf(permitDesk), factsOf({ principal: stranger })).result).toBe('deny')
  })

  test('asks for approval where a forbid yields to it, in the words of the policy', () => {
    expect(decide(engineOf(permitDesk + over500), factsOf({ args: args(60_000) }))).toMatchObject({
      result: 'require-approval',
      policy_ids: ['over-500'],
      requirements: { finance: 1 },
      explanation: 'Refunds over 500 need someone from finance.',
    })
  })

  test('asks for the union of what all the forbids require', () => {
    expect(
      decide(engineOf(permitDesk + over500 + goodwill), factsOf({ args: args(60_000, 'goodwill') })),
    ).toMatchObject({
      result: 'require-approval',
      policy_ids: ['goodwill', 'over-500'],
      requirements: { finance: 2, security: 1 },
    })
  })

  test('allows once the approvals really exist, and not before', () => {
    const engine = engineOf(permitDesk + over500 + goodwill)
    const with_ = (counts: Record<string, number>) =>
      decide(engine, factsOf({ args: args(60_000, 'goodwill'), approvals: approvals(counts) })).result
    expect(with_({ finance: 1, security: 1 })).toBe('require-approval')
    expect(with_({ finance: 2 })).toBe('require-approval')
    expect(with_({ finance: 2, security: 1 })).toBe('allow')
  })

  test('denies in the words of a forbid that does not yield, even if others would', () => {
    const never = `@id("never") @say("Not on this invoice.") forbid (${refund}) when { context.args.invoice_id == "in_1" };`
    expect(decide(engineOf(permitDesk + over500 + never), factsOf({ args: args(60_000) }))).toMatchObject({
      result: 'deny',
      policy_ids: ['never', 'over-500'],
      requirements: {},
      explanation: expect.stringContaining('Not on this invoice.'),
    })
  })

  test('names a forbid that says nothing', () => {
    const silent = `@id("silent") forbid (${refund});`
    expect(decide(engineOf(permitDesk + silent), factsOf()).explanation).toBe('Forbidden by silent.')
  })

  test('denies where a forbid asks for approvals but does not yield to them', () => {
    const stubborn = `@id("stubborn") @require("finance:1") forbid (${refund});`
    expect(decide(engineOf(permitDesk + stubborn), factsOf()).result).toBe('deny')
  })

  test('denies where more is needed than what is asked for', () => {
    const short = `@id("short") @require("finance:1") forbid (${refund}) unless { context.approvals.finance >= 2 };`
    expect(decide(engineOf(permitDesk + short), factsOf()).result).toBe('deny')
  })

  test('denies at once what the approvers the tool names could never meet', () => {
    const two = `@id("two") @require("groups:2") @say("Two groups.") forbid (principal, action, resource)
      unless { context.approvals.groups >= 2 };`
    const anybody = `@id("any") @require("approvers:1") @say("Somebody.") forbid (principal, action, resource)
      unless { context.approvals.approvers >= 1 };`
    expect(decide(engineOf(permitDesk + two), factsOf())).toMatchObject({
      result: 'deny',
      explanation: 'Two groups. The tool names no approvers who could agree.',
    })
    const note = { tool: addNote, args: { ticket: 'zd_1', text: 'x' }, observed: null }
    expect(decide(engineOf(permitDesk + anybody), factsOf(note))).toMatchObject({
      result: 'deny',
      explanation: 'Somebody. The tool names no approvers who could agree.',
    })
    expect(decide(engineOf(permitDesk + anybody), factsOf()).result).toBe('require-approval')
  })

  test('rests on digests of the policies, of the contract, and of all that was asked', () => {
    const engine = engineOf(permitDesk)
    const decision = decide(engine, factsOf())
    expect(decision.policy_digest).toBe(engine.set.digest)
    expect(decision.contract_digest).toBe(digest(refundInvoice.contract))
    expect(decide(engine, factsOf()).input_digest).toBe(decision.input_digest)
    for (const change of [
      { args: args(1) },
      { observed: null },
      { tenant: 'other' },
      { requested_approval: true },
      { approvals: approvals({ finance: 1 }) },
      { principal: { id: 'agent:desk', owner: 'person:ann', groups: [], environment: null } },
      { on_behalf_of: 'person:bob' },
      { undo: true, principal: { id: 'service:compensator', owner: null, groups: [], environment: null } },
    ]) {
      expect(decide(engine, factsOf(change)).input_digest).not.toBe(decision.input_digest)
    }
  })

  test('sees what was observed, and the plan, the session and whom the agent acts for', () => {
    const all = `${permitDesk} @id("seen") forbid (${refund}) when {
      context has observed && context.observed.refundable_cents == 4200 && context.plan.steps == 3 &&
      context.session has id && context.session.id == "s1" && context has on_behalf_of &&
      context.on_behalf_of == "person:bob" && context has environment && context.environment == "production" &&
      principal is Agent && principal has owner && principal.owner == "person:ann" && resource == Invoice::"in_1" };`
    const facts = factsOf({
      plan: { step: 'step1', steps: 3, writes: 2 },
      session: { id: 's1', calls: 0, read_untrusted: false, read_sensitive: false },
      on_behalf_of: 'person:bob',
      principal: { id: 'agent:desk', owner: 'person:ann', groups: ['support'], environment: 'production' },
    })
    expect(decide(engineOf(all), facts).policy_ids).toEqual(['seen'])
  })

  test('on an undo is made for the service that undoes, under its own action', () => {
    const compensator = { id: 'service:compensator', owner: null, groups: [], environment: null }
    const engine = engineOf(
      `${permitDesk} @id("undo") permit (principal == Service::"compensator", action in Action::"compensate", resource);`,
    )
    expect(decide(engine, factsOf({ undo: true, principal: compensator })).policy_ids).toEqual(['undo'])
    expect(decide(engine, factsOf({ undo: true })).result).toBe('deny')
    expect(decide(engine, factsOf({ principal: compensator })).result).toBe('deny')
    expect(decide(engine, factsOf({ principal: { ...compensator, id: 'agent:compensator' } })).result).toBe('deny')
  })

  test('names the families of a tool by risk and effect', () => {
    const reads = engineOf('@id("reads") permit (principal, action in Action::"effect:none", resource);')
    const read = factsOf({ tool: getInvoice, args: { invoice_id: 'in_1' }, observed: null })
    expect(decide(reads, read).result).toBe('allow')
    expect(decide(reads, factsOf()).result).toBe('deny')
    const high = engineOf(`${permitDesk} @id("high") forbid (principal, action in Action::"risk:high", resource);`)
    const cancel = factsOf({ tool: cancelSubscription, args: { subscription_id: 'sub_1' }, observed: null })
    expect(decide(high, cancel).policy_ids).toEqual(['high'])
    expect(decide(high, read).result).toBe('allow')
  })
})
