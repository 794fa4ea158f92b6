import { describe, expect, test } from 'vitest'
import { deleteCustomer } from '../../../examples/refund-desk/tools/delete-customer.js'
import { useBilling } from './billing-desk.js'
import { patienceWith, trying } from './try-tool.js'

const { desk, fresh } = useBilling()
const tool = trying(deleteCustomer)
const deletions = 'DELETE /v1/customers/:id'

async function freshCustomer() {
  const name = await fresh((name) => ({ customers: [{ id: `cus_${name}` }] }))
  return { args: { customer_id: `cus_${name}` }, effects: () => desk().effects({ id: `cus_${name}` }) }
}

describe('delete_customer', () => {
  test('deletes once, however often it is called, and the lost answer can be looked up', async () => {
    const { args, effects } = await freshCustomer()
    expect(await tool.verify(args, null)).toBe('not-committed')
    for (let times = 0; times < 2; times += 1) {
      expect(await tool.execute(args)).toEqual({ effect: 'committed', output: { ...args, deleted: true } })
    }
    expect(await effects()).toMatchObject([{ effect: 'customer.deleted' }])
    expect(await tool.verify(args, null)).toBe('committed')
  })

  test.each(['reset-after-applying', 'error-after-applying', 'hang-after-applying'])(
    '%s: the outcome is unknown, and verification finds the customer deleted',
    async (mode) => {
      const { args, effects } = await freshCustomer()
      await desk().plan({ match: deletions, mode, times: 1 })
      expect(await tool.execute(args, patienceWith(mode))).toMatchObject({ effect: 'unknown' })
      expect(await tool.verify(args, null)).toBe('committed')
      expect(await effects()).toHaveLength(1)
    },
  )

  test('a refusal, or a customer who never was, is a definite no', async () => {
    const { args, effects } = await freshCustomer()
    await desk().plan({ match: deletions, mode: 'refuse', times: 1 })
    expect(await tool.execute(args)).toMatchObject({ effect: 'not-committed' })
    expect(await tool.execute({ customer_id: 'cus_none' })).toMatchObject({ effect: 'not-committed' })
    expect(await tool.verify({ customer_id: 'cus_none' }, null)).toBe('not-committed')
    expect(await effects()).toHaveLength(0)
  })
})
