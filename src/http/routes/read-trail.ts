import { readTrail as read } from '../../control-plane/read-trail.js'
import { callerOf } from '../authenticate.js'
import { answer, bearer, problems } from '../openapi.js'
import { idParams } from '../parameters.js'
import { trailShape } from '../schemas.js'
import type { SecuredRoute } from './route.js'

export const readTrail: SecuredRoute = (app, plane) => {
  app.get(
    '/v1/actions/:id/trail',
    {
      schema: {
        operationId: 'readTrail',
        tags: ['actions'],
        summary: 'Read what happened, and where it is sealed',
        security: bearer,
        params: idParams,
        response: {
          200: answer('The trail so far', trailShape),
          ...problems('EXQ-1002', 'EXQ-1108', 'EXQ-2001', 'EXQ-6001'),
        },
      },
    },
    (request) => read(plane, callerOf(request), request.params.id),
  )
}
