import { z } from 'zod'
import { listDeliveries as list } from '../../control-plane/deliveries/list-deliveries.js'
import { callerOf } from '../authenticate.js'
import { deliveryShape } from '../delivery-shapes.js'
import { answer, bearer, problems } from '../openapi.js'
import { paging } from '../parameters.js'
import { pageOf } from '../schemas.js'
import type { SecuredRoute } from './route.js'

export const listDeliveries: SecuredRoute = (app, plane) => {
  app.get(
    '/v1/deliveries',
    {
      schema: {
        operationId: 'listDeliveries',
        tags: ['deliveries'],
        summary: 'List what has not reached people, oldest first: what is pending, and what was given up',
        security: bearer,
        querystring: z.strictObject(paging),
        response: {
          200: answer('A page', pageOf(deliveryShape)),
          ...problems('EXQ-1002', 'EXQ-1108', 'EXQ-2001', 'EXQ-2002'),
        },
      },
    },
    (request) => list(plane, callerOf(request), request.query),
  )
}
