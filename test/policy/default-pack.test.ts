import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import type { Tool } from '../../src/contract/tool.js'
import { packageRoot } from '../../src/package-root.js'
import { type DecisionFacts, decide } from '../../src/policy/decide.js'
import { type Answer, shapeContext } from '../../src/policy/policy-engine.js'
import { parsePolicySet } from '../../src/policy/policy-set.js'
import { addNote, cancelSubscription, eraseCustomer, getInvoice, refundInvoice } from '../_util/contracts.js'
import { approvals, engineOf, factsOf, permitDesk } from '../_util/policies.js'

const pack = await readFile(new URL('policies/default-pack.cedar', packageRoot), 'utf8')
const engine = engineOf(permitDesk + pack)

const of = (tool: Tool, args: Record<string, string>, changes: Partial<DecisionFacts> = {}) =>
  decide(engine, factsOf({ tool, args, observed: null, ...changes }))
const cancel = (changes: Partial<DecisionFacts> = {}) => of(cancelSubscription, { subscription_id: 'sub_1' }, changes)
const erase = (changes: Partial<DecisionFacts> = {}) => of(eraseCustomer, { customer_id: 'cus_1' }, changes)

describe('the default pack', () => {
  test('permits nothing', () => {
    const set = parsePolicySet({ 'default-pack.cedar': pack })
    expect([...set.policies.values()].every(({ effect, say }) => effect === 'forbid' && say)).toBe(true)
    expect(decide(engineOf(pack), factsOf()).result).toBe('deny')
  })

  test('lets a low and a medium risk run that are permitted', () => {
    expect(of(getInvoice, { invoice_id: 'in_1' }).result).toBe('allow')
    expect(of(addNote, { ticket: 'zd_1', text: 'x' }).result).toBe('allow')
    expect(decide(engine, factsOf()).result).toBe('allow')
  })

  test('wants one approver for a high risk', () => {
    expect(cancel()).toMatchObject({
      result: 'require-approval',
      policy_ids: ['default-high-needs-approver'],
      requirements: { approvers: 1 },
      explanation: 'High risk: one approver has to agree.',
    })
    expect(cancel({ approvals: approvals({ approvers: 1 }) }).result).toBe('allow')
    expect(cancel({ approvals: approvals({ finance: 9, groups: 1 }) }).result).toBe('require-approval')
  })

  test('wants two people of different groups, each with a key, for a critical risk', () => {
    expect(erase()).toMatchObject({ result: 'require-approval', requirements: { approvers: 2, groups: 2, strong: 2 } })
    expect(erase({ approvals: approvals({ approvers: 2, groups: 1, strong: 2 }) }).result).toBe('require-approval')
    expect(erase({ approvals: approvals({ approvers: 1, groups: 2, strong: 2 }) }).result).toBe('require-approval')
    expect(erase({ approvals: approvals({ approvers: 2, groups: 2, strong: 1 }) }).result).toBe('require-approval')
    expect(erase({ approvals: approvals({ approvers: 2, groups: 2, strong: 2 }) }).result).toBe('allow')
  })

  test('wants one approver where the request asks for it, whatever the risk', () => {
    const asked = { requested_approval: true }
    expect(decide(engine, factsOf(asked))).toMatchObject({
      result: 'require-approval',
      requirements: { approvers: 1 },
      explanation: 'The request itself asks for approval.',
    })
    expect(cancel(asked).policy_ids).toEqual(['default-high-needs-approver', 'default-requested-approval'])
    expect(decide(engine, factsOf({ ...asked, approvals: approvals({ approvers: 1 }) })).result).toBe('allow')
  })

  test('denies an approval that was asked for of a tool without approvers', () => {
    const decision = of(addNote, { ticket: 'zd_1', text: 'x' }, { requested_approval: true })
    expect(decision).toMatchObject({ result: 'deny' })
    expect(decision.explanation).toContain('The tool names no approvers who could agree.')
  })

  test('keeps a principal in its own tenant', () => {
    const context = shapeContext(engine, refundInvoice.contract, { ...factsOf(), args: factsOf().args })
    const ask = (tenant: string): Answer =>
      engine.ask({
        principal: { type: 'Agent', id: 'desk' },
        action: 'refund_invoice',
        resource: { type: 'Invoice', id: 'in_1' },
        context,
        entities: [
          {
            uid: { type: 'Agent', id: 'desk' },
            attrs: { tenant: 'acme' },
            parents: [{ type: 'Group', id: 'support' }],
          },
          { uid: { type: 'Invoice', id: 'in_1' }, attrs: { tenant }, parents: [] },
        ],
      })
    expect(ask('acme').decision).toBe('allow')
    expect(ask('other')).toEqual({ decision: 'deny', policy_ids: ['default-own-tenant'], errors: [] })
  })

  test('asks nobody about an undo: the approval of the step was its approval', () => {
    const undo = engineOf(
      `${pack} @id("undo") permit (principal == Service::"compensator", action in Action::"compensate", resource);`,
    )
    const compensator = { id: 'service:compensator', owner: null, groups: [], environment: null }
    const facts = factsOf({
      tool: cancelSubscription,
      args: { subscription_id: 'sub_1' },
      observed: null,
      undo: true,
      requested_approval: true,
      principal: compensator,
    })
    expect(decide(undo, facts).result).toBe('allow')
  })
})
