import { notCommitted, type ToolCall } from 'exequatur'
import Stripe from 'stripe'

const requestTimeoutMs = 5_000

/**
 * Stripe for one call: with its credential and its deadline, at STRIPE_API_BASE if that is set. The SDK never tries
 * again by itself: tries are counted, and written to the ledger, by the executor.
 */
export function billing(call: Pick<ToolCall, 'credentials' | 'signal'>): Stripe {
  const base = new URL(process.env.STRIPE_API_BASE ?? 'https://api.stripe.com')
  return new Stripe(call.credentials.stripe ?? '', {
    host: base.hostname,
    protocol: base.protocol === 'http:' ? 'http' : 'https',
    ...(base.port && { port: base.port }),
    timeout: requestTimeoutMs,
    maxNetworkRetries: 0,
    telemetry: false,
    // Unlike the SDK's own client, this one ends with the call and does not silently repeat after a reset.
    httpClient: Stripe.createFetchHttpClient((...[url, init]: Parameters<typeof fetch>) =>
      fetch(url, { ...init, signal: AbortSignal.any([call.signal, ...(init?.signal ? [init.signal] : [])]) }),
    ),
  })
}

const refusals = [400, 401, 402, 403, 404]

/** Turns Stripe's refusals into a definite no. Whatever else goes wrong leaves the outcome unknown. */
export async function orRefused<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    if (isRefusal(error)) throw notCommitted(`Stripe refused: ${error.message}`)
    throw error
  }
}

/** The object, or null if Stripe has none of that id. */
export async function orNull<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer
  } catch (error) {
    if (isRefusal(error) && error.statusCode === 404) return null
    throw error
  }
}

function isRefusal(error: unknown): error is Stripe.errors.StripeError {
  return (
    error instanceof Stripe.errors.StripeError &&
    // A key that was used with other parameters: the earlier request under it may well have gone through.
    !(error instanceof Stripe.errors.StripeIdempotencyError) &&
    refusals.includes(error.statusCode ?? 0)
  )
}

/** The id of what Stripe gives as an id or, where it was asked to expand it, as the object. */
export function idOf(reference: string | { readonly id: string } | null | undefined): string | null {
  return typeof reference === 'string' ? reference : (reference?.id ?? null)
}

/** An invoice, and the payment intent that paid it; null if it was not paid through Stripe. */
export async function invoiceWithPayment(
  stripe: Stripe,
  invoiceId: string,
): Promise<{ invoice: Stripe.Invoice; paymentIntent: string | null }> {
  const invoice = await stripe.invoices.retrieve(invoiceId, { expand: ['payments'] })
  const paid = invoice.payments?.data.find(({ status }) => status === 'paid')
  return { invoice, paymentIntent: idOf(paid?.payment.payment_intent) }
}
