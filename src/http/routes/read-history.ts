import { z } from 'zod'
import { readHistory as read } from '../../control-plane/read-trail.js'
import { callerOf } from '../authenticate.js'
import { answer, bearer, problems } from '../openapi.js'
import { idParams } from '../parameters.js'
import type { SecuredRoute } from './route.js'

export const readHistory: SecuredRoute = (app, plane) => {
  app.get(
    '/v1/actions/:id/history',
    {
      schema: {
        operationId: 'readHistory',
        tags: ['actions'],
        summary: 'Download the workflow history, as JSON that replays',
        security: bearer,
        params: idParams,
        response: {
          200: answer('The history so far', z.unknown()),
          ...problems('EXQ-1002', 'EXQ-1108', 'EXQ-2001', 'EXQ-6001', 'EXQ-7003'),
        },
      },
    },
    (request) => read(plane, callerOf(request), request.params.id),
  )
}
