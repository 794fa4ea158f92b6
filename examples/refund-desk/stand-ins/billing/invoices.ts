import type { Call } from '../call.js'
import type { Route } from '../route-table.js'
import { missing } from './errors.js'
import type { BillingEffect, InvoiceRecord } from './facts.js'
import { chargeObject, invoiceObject, paymentIntentObject } from './objects.js'
import { page } from './paging.js'
import { allowOnly, expands } from './parameters.js'
import type { BillingState } from './state.js'

const pages = ['limit', 'starting_after', 'ending_before', 'expand']

/** Invoices and the payments behind them; read only. */
export function invoiceRoutes(state: BillingState): Route<BillingEffect>[] {
  const ok = (body: object) => ({ reply: { status: 200, body } })
  return [
    {
      name: 'GET /v1/invoices',
      handle: (call) => {
        const found = chosen(call, state, ['customer', 'subscription', 'status'])
        return { reply: page(call, found, (invoice) => invoiceObject(invoice, expands(call, 'data.payments'))) }
      },
    },
    {
      name: 'GET /v1/invoices/:id',
      handle: (call) => {
        const invoice = state.invoices.get(call.names.id ?? '')
        if (!invoice) throw missing('invoice', call.names.id ?? '', 'invoice')
        return ok(invoiceObject(invoice, expands(call, 'payments')))
      },
    },
    {
      name: 'GET /v1/charges',
      handle: (call) => {
        const found = chosen(call, state, ['customer', 'payment_intent'])
        const byCharge = found.map((invoice) => ({ ...invoice, id: invoice.charge, invoice }))
        return { reply: page(call, byCharge, ({ invoice }) => chargeObject(invoice, state)) }
      },
    },
    {
      name: 'GET /v1/charges/:id',
      handle: (call) => {
        const invoice = state.paidWith({ charge: call.names.id })
        if (!invoice) throw missing('charge', call.names.id ?? '')
        return ok(chargeObject(invoice, state))
      },
    },
    {
      name: 'GET /v1/payment_intents/:id',
      handle: (call) => {
        const invoice = state.paidWith({ payment_intent: call.names.id })
        if (!invoice) throw missing('payment_intent', call.names.id ?? '', 'intent')
        return ok(paymentIntentObject(invoice, state, expands(call, 'latest_charge')))
      },
    },
  ]
}

type Filter = 'customer' | 'subscription' | 'status' | 'payment_intent'

function chosen(call: Call, state: BillingState, filters: Filter[]): InvoiceRecord[] {
  allowOnly(call, [...filters, ...pages])
  return [...state.invoices.values()].filter((invoice) =>
    filters.every((name) => !call.fields.has(name) || invoice[name] === call.fields.get(name)),
  )
}
