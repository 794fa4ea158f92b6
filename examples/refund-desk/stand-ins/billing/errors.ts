import { Refused, type Reply } from '../reply.js'

interface StripeError {
  type: 'invalid_request_error' | 'card_error' | 'api_error' | 'idempotency_error'
  message: string
  code?: string
  param?: string
  decline_code?: string
}

/** An answer in the form of Stripe's errors. */
export function errorReply(status: number, error: StripeError, headers: Record<string, string> = {}): Reply {
  return { status, body: { error }, headers }
}

/** A parameter that is missing, unknown or malformed: found before the endpoint starts, so no key remembers it. */
export function badParameter(param: string, message: string, code?: string): Refused {
  const error: StripeError = { type: 'invalid_request_error', message, param, ...(code === undefined ? {} : { code }) }
  return new Refused(errorReply(400, error), false)
}

/** A well-formed request that the state of things does not allow. */
export function notAllowed(message: string, more: { code?: string; param?: string } = {}): Refused {
  return new Refused(errorReply(400, { type: 'invalid_request_error', message, ...more }), true)
}

/** There is no such object. */
export function missing(kind: string, id: string, param = 'id'): Refused {
  const error: StripeError = {
    type: 'invalid_request_error',
    code: 'resource_missing',
    message: `No such ${kind}: '${id}'`,
    param,
  }
  return new Refused(errorReply(404, error), true)
}

/** Answers that no endpoint gives. */
export const plainAnswers = {
  refused: () =>
    errorReply(402, {
      type: 'card_error',
      code: 'card_declined',
      decline_code: 'generic_decline',
      message: 'The card issuer declined.',
    }),
  unavailable: () => errorReply(503, { type: 'api_error', message: 'Billing is not available at the moment.' }),
  // The answer is remembered under the key, so asking again would be of no use; Stripe says so in this header.
  failed: () =>
    errorReply(
      500,
      { type: 'api_error', message: 'Something went wrong on our side.' },
      { 'stripe-should-retry': 'false' },
    ),
  unknownRoute: (method: string, path: string) =>
    errorReply(404, { type: 'invalid_request_error', message: `Unrecognized request URL (${method}: ${path}).` }),
  unreadable: (problem: string) => errorReply(400, { type: 'invalid_request_error', message: problem }),
  tooMany: (seconds: number) =>
    errorReply(
      429,
      { type: 'invalid_request_error', code: 'rate_limit', message: 'Too many requests in too short a time.' },
      { 'retry-after': String(seconds) },
    ),
}

export const unauthorized = errorReply(401, {
  type: 'invalid_request_error',
  message: 'You did not provide a valid API key. Send it as a bearer token.',
})
