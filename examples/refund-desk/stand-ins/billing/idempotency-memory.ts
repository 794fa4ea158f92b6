import { createHash, randomBytes } from 'node:crypto'
import { type Call, header } from '../call.js'
import type { Keyed, LedgerLine, RememberedAnswer } from '../effect-ledger.js'
import type { Reply } from '../reply.js'
import type { AnswerMemory } from '../stand-in.js'
import { errorReply } from './errors.js'

/**
 * Answers remembered under `Idempotency-Key`, as Stripe does for POST: the first answer of an endpoint that started
 * is given again for the same parameters, a failure as well as a success, until the key is too old.
 */
export class IdempotencyMemory implements AnswerMemory {
  readonly #answers = new Map<string, RememberedAnswer & { at: number }>()

  constructor(private readonly lifetimeMs: number) {}

  recall(call: Call): Reply | undefined {
    const key = idempotencyKey(call)
    if (key === undefined) return undefined
    if (key === '' || key.length > 255) return refusal('Idempotency keys have 1 to 255 characters.')
    const remembered = this.#answers.get(key)
    if (!remembered) return undefined
    if (call.at.getTime() - remembered.at >= this.lifetimeMs) {
      this.#answers.delete(key)
      return undefined
    }
    if (remembered.fingerprint !== fingerprint(call)) {
      return refusal(
        'Keys for idempotent requests can only be used with the endpoint and the parameters they were first used with.',
      )
    }
    return {
      status: remembered.status,
      body: remembered.body,
      headers: {
        'idempotent-replayed': 'true',
        'original-request': remembered.request_id,
        ...noRetry(remembered.status),
      },
    }
  }

  keep(call: Call, reply: Reply): Keyed {
    const key = idempotencyKey(call)
    if (key !== undefined) {
      const answer = {
        fingerprint: fingerprint(call),
        status: reply.status,
        body: reply.body,
        request_id: requestId(call),
      }
      return { idempotency_key: key, answer }
    }
    const sentAnyway = header(call.headers, 'idempotency-key')
    return sentAnyway === undefined ? {} : { idempotency_key: sentAnyway }
  }

  apply(line: LedgerLine<unknown, unknown>): void {
    const { at, idempotency_key, answer } = line as { at: string } & Keyed
    if (idempotency_key !== undefined && answer) this.#answers.set(idempotency_key, { ...answer, at: Date.parse(at) })
  }
}

const requestIds = new WeakMap<Call, string>()

/** The id of a request, the same however often it is asked for. */
export function requestId(call: Call): string {
  const id = requestIds.get(call) ?? `req_${randomBytes(9).toString('hex')}`
  requestIds.set(call, id)
  return id
}

/** Keys mean something on POST only; on GET and DELETE they are without effect. */
function idempotencyKey(call: Call): string | undefined {
  return call.method === 'POST' ? header(call.headers, 'idempotency-key') : undefined
}

function fingerprint(call: Call): string {
  const fields = [...call.fields].sort(([a], [b]) => (a < b ? -1 : 1))
  return createHash('sha256')
    .update(JSON.stringify([call.method, call.path, fields]))
    .digest('hex')
}

function noRetry(status: number): Record<string, string> {
  return status >= 500 ? { 'stripe-should-retry': 'false' } : {}
}

function refusal(message: string): Reply {
  return errorReply(400, { type: 'idempotency_error', message })
}
