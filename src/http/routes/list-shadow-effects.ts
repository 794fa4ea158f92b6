import { z } from 'zod'
import { listShadowEffects as list } from '../../control-plane/shadow-effects.js'
import { callerOf } from '../authenticate.js'
import { answer, bearer, problems } from '../openapi.js'
import { paging } from '../parameters.js'
import { shadowShape } from '../reconciler-schemas.js'
import { pageOf } from '../schemas.js'
import type { SecuredRoute } from './route.js'

const query = z.strictObject({
  ...paging,
  all: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true')
    .meta({ description: '`true`: those that somebody acknowledged too' }),
})

export const listShadowEffects: SecuredRoute = (app, plane) => {
  app.get(
    '/v1/shadow-effects',
    {
      schema: {
        operationId: 'listShadowEffects',
        tags: ['reconciliation'],
        summary: 'List effects in downstreams that are not as the ledger says, oldest first',
        security: bearer,
        querystring: query,
        response: {
          200: answer('A page', pageOf(shadowShape)),
          ...problems('EXQ-1002', 'EXQ-1108', 'EXQ-2001', 'EXQ-2002'),
        },
      },
    },
    (request) => list(plane, callerOf(request), request.query),
  )
}
