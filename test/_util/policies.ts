import type { Tool } from '../../src/contract/tool.js'
import { reservedCounts } from '../../src/domain/approval.js'
import { noTotals } from '../../src/domain/budget.js'
import type { Contract } from '../../src/domain/contract.js'
import type { ExequaturError } from '../../src/domain/errors.js'
import type { DecisionFacts } from '../../src/policy/decide.js'
import { createPolicyEngine, type PolicyEngine } from '../../src/policy/policy-engine.js'
import { parsePolicySet } from '../../src/policy/policy-set.js'
import { refundInvoice, registered, sampleGroups, sampleTools } from './contracts.js'

const contracts: readonly Contract[] = Object.values(sampleTools).map(({ contract }) => contract)

/** An engine for policy text, over the sample contracts. */
export function engineOf(text: string, more: readonly Tool[] = []): PolicyEngine {
  return createPolicyEngine(
    parsePolicySet({ 'test.cedar': text }),
    [...contracts, ...more.map(({ contract }) => contract)],
    sampleGroups,
  )
}

/** What an engine for the text complains about. */
export function complaintsOf(text: string): readonly string[] {
  try {
    engineOf(text)
    return []
  } catch (error) {
    const { code, problems } = error as ExequaturError
    return problems.map(({ pointer, message }) => `${code} ${pointer}: ${message}`)
  }
}

/** The facts of one ordinary refund, with changes. */
export function factsOf(changes: Partial<DecisionFacts> & { readonly tool?: Tool } = {}): DecisionFacts {
  const { tool, ...rest } = changes
  return {
    tenant: 'acme',
    step: 'step1',
    principal: { id: 'agent:desk', owner: 'person:ann', groups: ['support'], environment: null },
    contract: registered(tool ?? refundInvoice),
    undo: false,
    args: { invoice_id: 'in_1', reason_code: 'goodwill', amount_cents: 4200 },
    observed: { refundable_cents: 4200, currency: 'usd' },
    plan: { step: 'step1', steps: 1, writes: 1 },
    session: { calls: 0, read_untrusted: false, read_sensitive: false },
    totals: noTotals,
    on_behalf_of: null,
    requested_approval: false,
    approvals: approvals(),
    ...rest,
  }
}

/** Approvals that exist; every declared group is there. */
export function approvals(counts: Readonly<Record<string, number>> = {}): Record<string, number> {
  return { ...Object.fromEntries([...sampleGroups, ...reservedCounts].map((name) => [name, 0])), ...counts }
}

/** Lets the desk do everything that nothing forbids. */
export const permitDesk = `@id("desk") permit (principal in Group::"support", action, resource);\n`
