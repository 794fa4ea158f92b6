import { z } from 'zod'
import { listApprovals as list } from '../../control-plane/list-approvals.js'
import { approvalShape } from '../approval-shape.js'
import { callerOf } from '../authenticate.js'
import { answer, bearer, problems } from '../openapi.js'
import { paging } from '../parameters.js'
import { pageOf } from '../schemas.js'
import type { SecuredRoute } from './route.js'

export const listApprovals: SecuredRoute = (app, plane) => {
  app.get(
    '/v1/approvals',
    {
      schema: {
        operationId: 'listApprovals',
        tags: ['approvals'],
        summary: 'List what waits for your decision, oldest first',
        description: 'A page may be short, or empty, and still have a next one.',
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
