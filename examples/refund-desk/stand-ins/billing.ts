/**
 * A billing service that speaks Stripe's API well enough for the real SDK, remembers what it did in a file, and can be
 * told to fail. Run it as its own process:
 * `node --import tsx stand-ins/billing.ts --port 0 --ledger billing.jsonl`
 *
 * BILLING_API_KEY          the secret key it accepts (default `sk_test_refund_desk`)
 * BILLING_KEY_LIFETIME_MS  how long idempotency keys are remembered (default a day)
 */
import { customerRoutes } from './billing/customers.js'
import { plainAnswers, unauthorized } from './billing/errors.js'
import type { BillingEffect, BillingSeed } from './billing/facts.js'
import { IdempotencyMemory, requestId } from './billing/idempotency-memory.js'
import { invoiceRoutes } from './billing/invoices.js'
import { refundRoutes } from './billing/refunds.js'
import { readBillingSeed } from './billing/seed.js'
import { BillingState } from './billing/state.js'
import { subscriptionRoutes } from './billing/subscriptions.js'
import { header } from './call.js'
import { readMilliseconds } from './process-options.js'
import { runStandIn } from './stateful-server.js'

const bearer = `Bearer ${process.env.BILLING_API_KEY ?? 'sk_test_refund_desk'}`
const memory = new IdempotencyMemory(readMilliseconds('BILLING_KEY_LIFETIME_MS', 24 * 60 * 60 * 1000))
const state = new BillingState()

runStandIn<BillingEffect, BillingSeed>({
  name: 'billing',
  routes: [...refundRoutes(state), ...invoiceRoutes(state), ...subscriptionRoutes(state), ...customerRoutes(state)],
  answers: plainAnswers,
  memory,
  authorize: (call) => (call.headers.authorization === bearer ? undefined : unauthorized),
  apply: (line) => {
    state.apply(line)
    memory.apply(line)
  },
  readSeed: (body) => readBillingSeed(body, state),
  otherwise: (effect) =>
    effect.effect === 'refund.created' ? { ...effect, amount: Math.ceil(effect.amount / 2) } : effect,
  headers: (call) => {
    const key = header(call.headers, 'idempotency-key')
    const version = header(call.headers, 'stripe-version')
    return {
      'request-id': requestId(call),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
      ...(version === undefined ? {} : { 'stripe-version': version }),
    }
  },
})
