import { getAction as get } from '../../control-plane/get-action.js'
import { callerOf } from '../authenticate.js'
import { answer, bearer, problems } from '../openapi.js'
import { idParams, preferHeader } from '../parameters.js'
import { preferredWait } from '../prefer.js'
import { actionShape } from '../schemas.js'
import type { SecuredRoute } from './route.js'

export const getAction: SecuredRoute = (app, plane) => {
  app.get(
    '/v1/actions/:id',
    {
      schema: {
        operationId: 'getAction',
        tags: ['actions'],
        summary: 'Look at an action',
        security: bearer,
        params: idParams,
        headers: preferHeader,
        response: {
          200: answer('As it stands', actionShape),
          ...problems('EXQ-1002', 'EXQ-1108', 'EXQ-2001', 'EXQ-6001'),
        },
      },
    },
    (request, reply) => get(plane, callerOf(request), request.params.id, preferredWait(request, reply)),
  )
}
