import type { FastifyInstance } from 'fastify'

/** For answers that are no pages: nothing in them may be run, and nobody may frame them. */
const policyOfAnswers = "default-src 'none'; frame-ancestors 'none'"

/** What the pages of the inbox may do: load from here, talk to here, and be framed by nobody. */
export const policyOfPages = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'self'",
].join('; ')

const usual = {
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
  'content-security-policy': policyOfAnswers,
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'permissions-policy':
    'publickey-credentials-get=(self), publickey-credentials-create=(self), camera=(), geolocation=(), microphone=()',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
}

const twoYears = 63_072_000

/** Gives every answer the headers that keep browsers from misusing it, and its own id. */
export function secureAnswers(app: FastifyInstance, publicUrl: string): void {
  const headers = publicUrl.startsWith('https:')
    ? { ...usual, 'strict-transport-security': `max-age=${twoYears}` }
    : usual
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({ 'x-request-id': request.id, ...headers })
  })
}
