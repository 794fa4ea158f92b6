import { getApproval as get } from '../../control-plane/list-approvals.js'
import { approvalShape } from '../approval-shape.js'
import { callerOf } from '../authenticate.js'
import { answer, bearer, problems } from '../openapi.js'
import { idParams } from '../parameters.js'
import type { SecuredRoute } from './route.js'

export const getApproval: SecuredRoute = (app, plane) => {
  app.get(
    '/v1/approvals/:id',
    {
      schema: {
        operationId: 'getApproval',
        tags: ['approvals'],
        summary: 'Look at what is to be decided',
        security: bearer,
        params: idParams,
        response: {
          200: answer('As it stands', approvalShape),
          ...problems('EXQ-1002', 'EXQ-1108', 'EXQ-2001', 'EXQ-2002', 'EXQ-4001'),
        },
      },
    },
    (request) => get(plane, callerOf(request), request.params.id),
  )
}
