import { z } from 'zod'
import { cancelAction as cancel } from '../../control-plane/cancel-action.js'
import { callerOf } from '../authenticate.js'
import { answer, bearer, ofBodies, problems } from '../openapi.js'
import { idParams } from '../parameters.js'
import { actionShape } from '../schemas.js'
import type { SecuredRoute } from './route.js'

const cancellation = z.strictObject({ reason: z.string().max(2_000).optional() }).nullable()

export const cancelAction: SecuredRoute = (app, plane) => {
  app.post(
    '/v1/actions/:id/cancel',
    {
      schema: {
        operationId: 'cancelAction',
        tags: ['actions'],
        summary: 'Order that an action goes no further',
        description: 'What it has committed is undone.',
        security: bearer,
        params: idParams,
        body: cancellation,
        response: {
          200: answer('The order is recorded', actionShape),
          ...problems(...ofBodies, 'EXQ-6001', 'EXQ-6003'),
        },
      },
    },
    (request) => cancel(plane, callerOf(request), request.params.id, request.body?.reason || 'no reason was given'),
  )
}
