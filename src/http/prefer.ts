import type { FastifyReply, FastifyRequest } from 'fastify'

/** Seconds a request may wait at most. */
export const maxWaitSeconds = 60

/**
 * How many milliseconds the caller prefers to wait for the ending (`Prefer: wait=10`, RFC 7240), 0 if it does not say.
 * What is granted is answered in `Preference-Applied`.
 */
export function preferredWait(request: FastifyRequest, reply: FastifyReply): number {
  const header = request.headers.prefer
  const wanted = /(?:^|[,\s])wait\s*=\s*"?(\d{1,9})"?\s*(?:[,;]|$)/i.exec(String(header ?? ''))?.[1]
  if (wanted === undefined) return 0
  const seconds = Math.min(Number(wanted), maxWaitSeconds)
  reply.header('preference-applied', `wait=${seconds}`)
  return seconds * 1_000
}
