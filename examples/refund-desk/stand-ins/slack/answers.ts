import { Refused, type Reply } from '../reply.js'

export function yes(body: object = {}): Reply {
  return { status: 200, body: { ok: true, ...body } }
}

/** Slack says no with 200 and a short word. */
function no(error: string, more: object = {}): Reply {
  return { status: 200, body: { ok: false, error, ...more } }
}

export function refused(error: string, more: object = {}): Refused {
  return new Refused(no(error, more), true)
}

/** A block, view or argument that does not fit; `problems` as Slack writes them, with a JSON pointer. */
export function badShape(error: 'invalid_blocks' | 'invalid_arguments', problems: readonly string[]): Refused {
  return refused(error, {
    errors: problems,
    response_metadata: { messages: problems.map((each) => `[ERROR] ${each}`) },
  })
}

/** Answers that no endpoint gives. */
export const plainAnswers = {
  refused: () => no('fatal_error'),
  unavailable: () => ({ status: 503, body: no('service_unavailable').body }),
  failed: () => ({ status: 500, body: no('internal_error').body }),
  unknownRoute: () => no('unknown_method'),
  unreadable: () => no('invalid_form_data'),
  tooMany: (seconds: number) => ({
    status: 429,
    headers: { 'retry-after': String(seconds) },
    body: no('ratelimited').body,
  }),
}

export const unauthorized = {
  nobody: no('not_authed'),
  unknown: no('invalid_auth'),
  wrongKind: no('not_allowed_token_type'),
  lacks: (needed: string, provided: string) => no('missing_scope', { needed, provided }),
}
