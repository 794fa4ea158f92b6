import type { FastifyInstance, FastifyRequest } from 'fastify'
import { ExequaturError } from '../domain/errors.js'
import { parseStrictJson } from './strict-json.js'

/** Bytes a body may have at most. */
export const maxBodyBytes = 256 * 1024

/** Takes strict JSON and nothing else. The bytes are kept with the request, for the digest of a refusal. */
export function acceptJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, async (request: FastifyRequest, body: Buffer) => {
    request.bodyBytes = body
    // No body at all is for the route to judge: some can do without.
    return body.length === 0 ? undefined : parseStrictJson(body)
  })
  app.addContentTypeParser('*', { parseAs: 'buffer' }, async (request: FastifyRequest, body: Buffer) => {
    request.bodyBytes = body
    throw new ExequaturError('EXQ-1004', request.headers['content-type'] ?? 'there is no content-type header')
  })
}
