/** What a stand-in sends back. A body of `undefined` sends no body at all (204). */
export interface Reply {
  status: number
  body?: unknown
  headers?: Record<string, string>
}

/** What one endpoint decided: the answer, and the change in the world it made, if any. */
export interface Outcome<Effect> {
  reply: Reply
  effect?: Effect
}

/**
 * An endpoint's no. `started` tells whether the endpoint began its work: only then does a service with idempotency
 * keys remember the answer. A request with malformed parameters never starts.
 */
export class Refused extends Error {
  constructor(
    readonly reply: Reply,
    readonly started: boolean,
  ) {
    super(`refused with ${reply.status}`)
  }
}
