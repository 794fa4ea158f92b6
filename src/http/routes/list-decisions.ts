import { z } from 'zod'
import { listDecisions as list } from '../../control-plane/list-decisions.js'
import { approvalShape } from '../approval-shape.js'
import { callerOf } from '../authenticate.js'
import { answer, bearer, problems } from '../openapi.js'
import { paging } from '../parameters.js'
import { pageOf } from '../schemas.js'
import type { SecuredRoute } from './route.js'

export const listDecisions: SecuredRoute = (app, plane) => {
  app.get(
    '/v1/decisions',
    {
      schema: {
        operationId: 'listDecisions',
        tags: ['approvals'],
        summary: 'List what you have voted on, newest first',
        security: bearer,
        querystring: z.strictObject(paging),
        response: {
          200: answer('A page', pageOf(approvalShape)),
          ...problems('EXQ-1002', 'EXQ-1108', 'EXQ-2001', 'EXQ-2002'),
        },
      },
    },
    (request) => list(plane, callerOf(request), request.query),
  )
}
