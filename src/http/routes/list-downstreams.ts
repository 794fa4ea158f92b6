import { z } from 'zod'
import { listDownstreams as list } from '../../control-plane/list-downstreams.js'
import { callerOf } from '../authenticate.js'
import { answer, bearer, problems } from '../openapi.js'
import { pageOf } from '../schemas.js'
import type { SecuredRoute } from './route.js'

const time = z.string().meta({ description: "ISO 8601, by the ledger's clock", format: 'date-time' })
const downstreamShape = z
  .object({
    name: z.string(),
    tools: z.array(z.string()).readonly(),
    state: z.enum(['closed', 'open', 'half-open', 'slow-start']).meta({
      description: '`open`: calls wait; `half-open`: one call tries; `slow-start`: calls come ever faster',
    }),
    failures: z.int().meta({ description: 'Calls in a row without an answer' }),
    tried_at: time.nullable().meta({ description: 'When one call is let through, where it is open' }),
    changed_at: time.nullable().meta({ description: 'When it last opened or closed' }),
    rate: z
      .object({ per_second: z.number(), burst: z.int() })
      .nullable()
      .meta({ description: 'The rate that holds now' }),
    waiting: z.int().meta({ description: 'Calls that wait for their slot' }),
  })
  .meta({ id: 'Downstream' })

export const listDownstreams: SecuredRoute = (app, plane) => {
  app.get(
    '/v1/downstreams',
    {
      schema: {
        operationId: 'listDownstreams',
        tags: ['downstreams'],
        summary: 'List the systems that tools call: whether they answer, and how fast they are called',
        security: bearer,
        response: {
          200: answer('All of them', pageOf(downstreamShape)),
          ...problems('EXQ-1108', 'EXQ-2001', 'EXQ-2002'),
        },
      },
    },
    (request) => list(plane, callerOf(request)),
  )
}
