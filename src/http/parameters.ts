import { z } from 'zod'
import { maxWaitSeconds } from './prefer.js'

/** A name or an id in the address; anything unprintable would be none of ours. */
export const word = z
  .string()
  .max(200)
  .regex(/^[\x21-\x7e]+$/, 'takes printable ASCII without spaces')

export const idParams = z.strictObject({ id: word })

export const paging = {
  cursor: z.string().max(500).optional().meta({ description: '`next` of the page before' }),
  limit: z.coerce.number().int().min(1).max(100).default(50),
}

export const preferHeader = z.looseObject({
  prefer: z
    .string()
    .optional()
    .meta({ description: `\`wait=N\`: answer when it has ended, after N seconds at most (${maxWaitSeconds} at most)` }),
})
