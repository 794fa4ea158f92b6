import { describe, expect, test } from 'vitest'
import { digest } from '../../src/digest.js'
import type { Choice } from '../../src/domain/attention.js'
import type { Bounds } from '../../src/domain/request.js'
import type { Admitted } from '../../src/evidence/admitted.js'
import { overBounds } from '../../src/evidence/bounds.js'
import { refundInvoice, registered } from '../_util/contracts.js'

const args = { invoice_id: 'in_1', reason_code: 'goodwill', amount_cents: 500 }

/** A plan of one refund, called as often as people ordered it and once more where it is under way. */
function plan(bounds: Bounds, { calls, orders }: { readonly calls: number; readonly orders: number }): Admitted {
  const call = (generation: number) => ({ step: 'step1', phase: 'execute', generation })
  const tool = refundInvoice.contract.name
  return {
    record: {
      id: 'act_1',
      contracts: { step1: { tool, version: 1, digest: refundInvoice.digest } },
      observations: [{ step: 'step1', look: 0, output: {}, output_digest: digest({}) }],
      decisions: [],
      intents: Array.from({ length: calls }, (_, generation) => ({ ...call(generation), round: 1, args })),
      outcomes: [],
      verifications: [],
    },
    request: { tenant: 'acme', plan: { steps: [{ id: 'step1', tool, args }], bounds } },
    resolutions: Array.from({ length: orders }, (_, generation) => ({
      ...call(generation),
      choice: 'attempt-again' satisfies Choice,
    })),
    authority: { contractByDigest: () => registered(refundInvoice) },
  } as unknown as Admitted
}

describe('the bound a plan sets to what it spends', () => {
  test.each([
    ['a call that is to be made', { calls: 0, orders: 0 }, 500],
    ['one that was made', { calls: 1, orders: 0 }, 500],
    [
      'one that people have ordered anew, and the one before: it may have spent as well',
      { calls: 1, orders: 1 },
      1_000,
    ],
    ['both once the second is made', { calls: 2, orders: 1 }, 1_000],
  ])('counts %s', (_, made, spent) => {
    expect(overBounds(plan({ spend_cents: spent }, made), 1)).toBeNull()
    expect(overBounds(plan({ spend_cents: spent - 1 }, made), 1)).toBe(
      `The plan spends ${spent} cents, its bound is ${spent - 1}.`,
    )
  })
})
