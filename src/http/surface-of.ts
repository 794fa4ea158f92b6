import type { FastifyRequest } from 'fastify'
import { z } from 'zod'

export const surfaceHeader = z.looseObject({
  'x-exequatur-surface': z.string().optional().meta({ description: '`cli`, if it was decided there' }),
})

/** The inbox is known by its sign-in; other surfaces that call this API may say so. Anything else is a client of its own. */
export function surfaceOf({ headers, caller }: Pick<FastifyRequest, 'headers' | 'caller'>): 'cli' | 'http' | 'inbox' {
  if (caller?.signIn) return 'inbox'
  return headers['x-exequatur-surface'] === 'cli' ? 'cli' : 'http'
}
