import type { FastifyRequest } from 'fastify'
import { z } from 'zod'

export const surfaceHeader = z.looseObject({
  'x-exequatur-surface': z.string().optional().meta({ description: '`cli`, if it was decided there' }),
})

/** The surfaces that call this API, and may say so. Anything else is a client of its own. */
export function surfaceOf({ headers }: Pick<FastifyRequest, 'headers'>): 'cli' | 'http' {
  return headers['x-exequatur-surface'] === 'cli' ? 'cli' : 'http'
}
