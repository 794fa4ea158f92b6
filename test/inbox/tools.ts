import { z } from 'zod'
import { defineTool } from '../../src/contract/define-tool.js'

/** A medium risk that has an amount, a line of its own, and something that is one way and is to be another. */
export const giveCredit = defineTool({
  name: 'give_credit',
  version: 1,
  owner: 'person:ann',
  approvers: ['finance'],
  risk: 'medium',
  effect: 'reversible',
  title: 'Give credit',
  description: 'Adds credit to the account of one customer.',
  summary: 'Give {/args/amount_cents|usd} of credit to {/args/account}',
  shows: [{ label: 'Credit', before: '/args/balance_cents', after: '/args/new_balance_cents', currency: 'usd' }],
  input: z.strictObject({
    account: z.string(),
    amount_cents: z.int().positive(),
    balance_cents: z.int(),
    new_balance_cents: z.int(),
    message: z.string().max(20_000),
  }),
  output: z.strictObject({ credit_id: z.string(), amount_cents: z.int() }),
  resource: { type: 'Account', id: '/args/account' },
  spend: { amount_cents: '/args/amount_cents', currency: 'usd' },
  downstream: { class: 'queryable' },
  execute: async () => ({ credit_id: 'cr_1', amount_cents: 1 }),
  verify: async () => 'committed',
  compensate: async () => {},
})

/** Arguments of a credit that is asked for. */
export function credit(changes: object = {}) {
  return {
    account: 'acct_42',
    amount_cents: 25_000,
    balance_cents: 1_000,
    new_balance_cents: 26_000,
    message: 'Thank you for your patience.',
    ...changes,
  }
}
