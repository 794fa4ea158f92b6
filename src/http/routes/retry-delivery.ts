import { retryDelivery as retry } from '../../control-plane/deliveries/list-deliveries.js'
import { callerOf } from '../authenticate.js'
import { deliveryShape } from '../delivery-shapes.js'
import { answer, bearer, problems } from '../openapi.js'
import { idParams } from '../parameters.js'
import type { SecuredRoute } from './route.js'

export const retryDelivery: SecuredRoute = (app, plane) => {
  app.post(
    '/v1/deliveries/:id/retries',
    {
      schema: {
        operationId: 'retryDelivery',
        tags: ['deliveries'],
        summary: 'Have something delivered at once that was given up, or waits for its next try',
        security: bearer,
        params: idParams,
        response: {
          200: answer('It is tried', deliveryShape),
          ...problems('EXQ-1002', 'EXQ-1108', 'EXQ-2001', 'EXQ-2002', 'EXQ-5040', 'EXQ-5041'),
        },
      },
    },
    (request) => retry(plane, callerOf(request), request.params.id),
  )
}
