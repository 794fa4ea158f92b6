import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { codedError } from '../coded-error.js'
import type { ControlPlane } from '../control-plane/control-plane.js'
import { type ErrorCode, ExequaturError, errorTable } from '../domain/errors.js'
import { recordRefused } from './refusal.js'

declare module 'fastify' {
  interface FastifyRequest {
    /** The code this request was answered with, if it was not answered well. */
    answeredCode: ErrorCode | null
  }
}

const maxProblems = 50
const maxText = 500
const retryAfterSeconds = 5

/** Answers every error, ours or not, as a problem of RFC 9457. */
export function answerErrors(app: FastifyInstance, plane: ControlPlane): void {
  app.setErrorHandler(async (error, request, reply) => {
    sendProblem(await recordRefused(plane, request, codedError(error)), request, reply)
    return reply
  })
  app.setNotFoundHandler(async (request) => {
    throw new ExequaturError('EXQ-1005', `${request.method} ${request.url.split('?')[0]}`)
  })
}

/** A problem as it is sent. Nothing of an error that is not ours gets into it. */
function problemOf(error: ExequaturError, requestId: string) {
  const { title, status, remedy, retryable } = errorTable[error.code]
  return {
    type: `urn:exequatur:error:${error.code}`,
    title,
    status,
    detail: error.code === 'EXQ-9001' ? 'the server log knows more' : clip(error.detail),
    instance: `urn:uuid:${requestId}`,
    code: error.code,
    remedy,
    retryable,
    errors: error.problems
      .slice(0, maxProblems)
      .map(({ pointer, message }) => ({ pointer: clip(pointer), message: clip(message) })),
  }
}

export function sendProblem(error: ExequaturError, request: FastifyRequest, reply: FastifyReply): void {
  const problem = problemOf(error, request.id)
  request.answeredCode = error.code
  if (problem.status >= 500) request.log.error({ err: error.cause ?? error, code: error.code }, problem.title)
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer')
  if (problem.status === 503) reply.header('retry-after', retryAfterSeconds)
  reply.code(problem.status).type('application/problem+json').send(problem)
}

function clip(text: string): string {
  return text.length > maxText ? `${text.slice(0, maxText)}...` : text
}
