import { getWhole as get } from '../../control-plane/list-approvals.js'
import { wholeShape } from '../approval-shape.js'
import { callerOf } from '../authenticate.js'
import { answer, bearer, problems } from '../openapi.js'
import { idParams } from '../parameters.js'
import type { SecuredRoute } from './route.js'

export const getWhole: SecuredRoute = (app, plane) => {
  app.get(
    '/v1/approvals/:id/whole',
    {
      schema: {
        operationId: 'getWhole',
        tags: ['approvals'],
        summary: 'Read all of what is to be decided, however long it is',
        security: bearer,
        params: idParams,
        response: {
          200: answer('With nothing left out', wholeShape),
          ...problems('EXQ-1002', 'EXQ-1108', 'EXQ-2001', 'EXQ-2002', 'EXQ-4001'),
        },
      },
    },
    (request) => get(plane, callerOf(request), request.params.id),
  )
}
