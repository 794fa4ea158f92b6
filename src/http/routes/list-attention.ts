import { z } from 'zod'
import { listAttention as list } from '../../control-plane/attention/list-attention.js'
import { attentionReasons } from '../../domain/attention.js'
import { attentionPageShape } from '../attention-shapes.js'
import { callerOf } from '../authenticate.js'
import { answer, bearer, problems } from '../openapi.js'
import { paging, word } from '../parameters.js'
import type { SecuredRoute } from './route.js'

const query = z.strictObject({
  ...paging,
  all: z.enum(['true', 'false']).optional().meta({ description: '`true`: what others decide on as well' }),
  reason: z.enum(attentionReasons).optional(),
  tool: word.optional(),
  older_than: z.coerce.number().int().min(0).max(1_000_000_000).optional().meta({ description: 'In seconds' }),
})

export const listAttention: SecuredRoute = (app, plane) => {
  app.get(
    '/v1/attention',
    {
      schema: {
        operationId: 'listAttention',
        tags: ['attention'],
        summary: 'List what a machine may not settle and you may, oldest first',
        description: 'A page may be short, or empty, and still have a next one.',
        security: bearer,
        querystring: query,
        response: {
          200: answer('A page', attentionPageShape),
          ...problems('EXQ-1002', 'EXQ-1108', 'EXQ-2001', 'EXQ-2002'),
        },
      },
    },
    (request) => list(plane, callerOf(request), { ...request.query, all: request.query.all === 'true' }),
  )
}
