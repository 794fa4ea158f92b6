import type { Route } from '../route-table.js'
import { missing } from './errors.js'
import type { BillingEffect, CustomerRecord } from './facts.js'
import { customerObject } from './objects.js'
import type { BillingState } from './state.js'

/** Customers: look at, delete. A deleted customer can still be looked at, and says so; it cannot be deleted again. */
export function customerRoutes(state: BillingState): Route<BillingEffect>[] {
  const known = (id = ''): CustomerRecord => {
    const customer = state.customers.get(id)
    if (!customer) throw missing('customer', id)
    return customer
  }
  return [
    {
      name: 'GET /v1/customers/:id',
      handle: (call) => ({ reply: { status: 200, body: customerObject(known(call.names.id)) } }),
    },
    {
      name: 'DELETE /v1/customers/:id',
      handle: (call) => {
        const customer = known(call.names.id)
        if (customer.deleted) throw missing('customer', customer.id)
        return {
          reply: { status: 200, body: customerObject({ ...customer, deleted: true }) },
          effect: {
            effect: 'customer.deleted',
            id: customer.id,
            customer: customer.id,
            metadata: customer.metadata,
          },
        }
      },
    },
  ]
}
