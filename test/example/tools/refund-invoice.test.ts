import { describe, expect, test } from 'vitest'
import { refundInvoice } from '../../../examples/refund-desk/tools/refund-invoice.js'
import { stripeAt } from '../desk.js'
import { useBilling } from './billing-desk.js'
import { credentials, outputOf, patienceWith, trying } from './try-tool.js'

const { desk, fresh } = useBilling()
const tool = trying(refundInvoice)
const refunds = 'POST /v1/refunds'

/** A refund of 20.00 on an invoice of its own. */
async function freshRefund(more: object = {}) {
  const name = await fresh((name) => ({ invoices: [{ id: `in_${name}`, customer: 'cus_kim', amount_paid: 5000 }] }))
  return {
    key: `exq_${name}`,
    args: { invoice_id: `in_${name}`, reason_code: 'duplicate_charge', amount_cents: 2000, ...more },
    effects: () => desk().effects({ invoice: `in_${name}` }),
  }
}

describe('refund_invoice', () => {
  test('refunds once, however often it is called with one key', async () => {
    const { key, args, effects } = await freshRefund({ customer_message: 'Sorry about that.' })
    const first = outputOf(await tool.execute(args, { key }))
    expect(first).toEqual({ refund_id: expect.stringMatching(/^re_/), amount_cents: 2000, status: 'succeeded' })
    expect(outputOf(await tool.execute(args, { key }))).toEqual(first)
    expect(await effects()).toMatchObject([
      {
        effect: 'refund.created',
        amount: 2000,
        reason: 'duplicate',
        metadata: { exequatur_key: key, reason_code: 'duplicate_charge', customer_message: 'Sorry about that.' },
      },
    ])
  })

  test('is verified by its id, and by its key where the answer was lost', async () => {
    const { key, args } = await freshRefund()
    expect(await tool.verify(args, null, { key })).toBe('not-committed')
    const output = outputOf(await tool.execute(args, { key }))
    expect(await tool.verify(args, output, { key })).toBe('committed')
    expect(await tool.verify(args, null, { key })).toBe('committed')
    expect(await tool.verify(args, null, { key: 'exq_other' })).toBe('not-committed')
  })

  test('another amount than was asked for is a divergence', async () => {
    const { key, args } = await freshRefund()
    const output = outputOf(await tool.execute(args, { key }))
    expect(await tool.verify({ ...args, amount_cents: 1999 }, output, { key })).toBe('diverged')
  })

  test('an answer about a refund that does not exist is not believed', async () => {
    const { args } = await freshRefund()
    const output = { refund_id: 're_none', amount_cents: 2000, status: 'succeeded' }
    expect(await tool.verify(args, output)).toBe('not-committed')
  })

  test('is undone once, however often and under whatever key', async () => {
    const { key, args, effects } = await freshRefund()
    const output = outputOf(await tool.execute(args, { key }))
    for (const undoKey of [`${key}-undo`, `${key}-undo`, `${key}-again`]) {
      expect(await tool.undo(args, output, { key: undoKey })).toMatchObject({ effect: 'committed' })
    }
    expect(await effects()).toMatchObject([{ effect: 'refund.created' }, { effect: 'refund.canceled' }])
    expect(await tool.verify(args, output, { key })).toBe('not-committed')
    expect(await tool.verify(args, null, { key })).toBe('not-committed')
  })

  test.each(['reset-after-applying', 'error-after-applying', 'hang-after-applying'])(
    '%s: the outcome is unknown, and verification finds the refund',
    async (mode) => {
      const { key, args, effects } = await freshRefund()
      await desk().plan({ match: refunds, mode, times: 1 })
      expect(await tool.execute(args, { key, ...patienceWith(mode) })).toMatchObject({ effect: 'unknown' })
      expect(await tool.verify(args, null, { key })).toBe('committed')
      expect(await effects()).toHaveLength(1)
    },
  )

  test.each(['unavailable', 'hang-before-applying'])(
    '%s: the outcome is unknown, verification finds nothing, and the same key still works',
    async (mode) => {
      const { key, args, effects } = await freshRefund()
      await desk().plan({ match: refunds, mode, times: 1 })
      expect(await tool.execute(args, { key, ...patienceWith(mode) })).toMatchObject({ effect: 'unknown' })
      expect(await tool.verify(args, null, { key })).toBe('not-committed')
      expect(await tool.execute(args, { key })).toMatchObject({ effect: 'committed' })
      expect(await effects()).toHaveLength(1)
    },
  )

  test('a lost connection is not tried again behind the back of the executor', async () => {
    const { key, args } = await freshRefund()
    const before = await desk().calls(refunds)
    await desk().plan({ match: refunds, mode: 'reset-after-applying', times: 1 })
    await tool.execute(args, { key })
    expect((await desk().calls(refunds)) - before).toBe(1)
  })

  test('a call ends with its deadline', async () => {
    const { key, args } = await freshRefund()
    await desk().plan({ match: refunds, mode: 'hang-before-applying', times: 1 })
    const started = performance.now()
    await tool.execute(args, { key, deadlineMs: 300 })
    expect(performance.now() - started).toBeLessThan(10_000)
  })

  test.each([
    ['a declined card', 'The card issuer declined', {}, {}, true],
    ['more than is left', 'greater than unrefunded amount', { amount_cents: 5001 }, {}, false],
    ['no such invoice', 'No such invoice', { invoice_id: 'in_none' }, {}, false],
    ['a wrong API key', 'valid API key', {}, { ...credentials, stripe: 'sk_test_wrong' }, false],
  ])('%s is a definite no', async (_, words, more, wrong, declined) => {
    const { key, args, effects } = await freshRefund(more)
    if (declined) await desk().plan({ match: refunds, mode: 'refuse', times: 1 })
    const tried = await tool.execute(args, { key, ...('stripe' in wrong && { credentials: wrong }) })
    expect(tried).toMatchObject({ effect: 'not-committed', detail: expect.stringContaining(words) })
    expect(JSON.stringify(tried)).not.toContain('sk_test')
    expect(await effects()).toHaveLength(0)
  })

  test('a key that was used for something else is no proof that nothing happened', async () => {
    const { key, args } = await freshRefund()
    await tool.execute(args, { key })
    expect(await tool.execute({ ...args, amount_cents: 1 }, { key })).toMatchObject({ effect: 'unknown' })
  })

  test('an undo that Stripe refuses is a definite no, one that it may have made is not', async () => {
    const { key, args } = await freshRefund()
    const output = outputOf(await tool.execute(args, { key }))
    const cancels = 'POST /v1/refunds/:id/cancel'
    await desk().plan({ match: cancels, mode: 'refuse', times: 1 })
    expect(await tool.undo(args, output, { key: `${key}-1` })).toMatchObject({ effect: 'not-committed' })
    await desk().plan({ match: cancels, mode: 'reset-after-applying', times: 1 })
    expect(await tool.undo(args, output, { key: `${key}-2` })).toMatchObject({ effect: 'unknown' })
    expect(await tool.verify(args, output, { key })).toBe('not-committed')
  })

  test('nothing that was refunded by other means is taken for its own', async () => {
    const { key, args } = await freshRefund()
    await stripeAt(desk().url).refunds.create({ charge: args.invoice_id.replace('in_', 'ch_'), amount: 2000 })
    expect(await tool.verify(args, null, { key })).toBe('not-committed')
  })
})
