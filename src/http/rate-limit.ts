import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { ExequaturError } from '../domain/errors.js'
import { callerOf } from './authenticate.js'

/** Requests that may come from one place per window. */
export interface RateLimit {
  readonly max: number
  readonly windowMs: number
}

const generous: RateLimit = { max: 5_000, windowMs: 10_000 }
// Nobody signs in that often; and behind a proxy all have one address.
const generousToStrangers: RateLimit = { max: 500, windowMs: 10_000 }

/** Holds back a principal that asks too much; its own flood is nobody else's. Comes after authentication. */
export function limitRate(app: FastifyInstance, limit: RateLimit = generous): Promise<void> {
  return limitBy(app, limit, (request) => {
    const { tenant, principal } = callerOf(request)
    return `${tenant}/${principal.principal}`
  })
}

/** Holds back an address from which somebody asks too much of what is open to everybody. */
export function limitStrangers(app: FastifyInstance, limit: RateLimit = generousToStrangers): Promise<void> {
  return limitBy(app, limit, ({ ip }) => ip)
}

async function limitBy(
  app: FastifyInstance,
  { max, windowMs }: RateLimit,
  keyGenerator: (request: FastifyRequest) => string,
): Promise<void> {
  await app.register(rateLimit, {
    max,
    timeWindow: windowMs,
    enableDraftSpec: true,
    keyGenerator,
    errorResponseBuilder: (_request, { max, after }) =>
      new ExequaturError('EXQ-1108', `more than ${max} requests; try again in ${after}`),
  })
}
