import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance } from 'fastify'
import { ExequaturError } from '../domain/errors.js'
import { callerOf } from './authenticate.js'

/** Requests one principal may make per window. */
export interface RateLimit {
  readonly max: number
  readonly windowMs: number
}

const generous: RateLimit = { max: 5_000, windowMs: 10_000 }

/** Holds back a principal that asks too much; its own flood is nobody else's. Comes after authentication. */
export async function limitRate(app: FastifyInstance, limit: RateLimit = generous): Promise<void> {
  await app.register(rateLimit, {
    max: limit.max,
    timeWindow: limit.windowMs,
    enableDraftSpec: true,
    keyGenerator: (request) => {
      const { tenant, principal } = callerOf(request)
      return `${tenant}/${principal.principal}`
    },
    errorResponseBuilder: (_request, { max, after }) =>
      new ExequaturError('EXQ-1108', `more than ${max} requests; try again in ${after}`),
  })
}
