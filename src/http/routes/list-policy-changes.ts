import { z } from 'zod'
import { listPolicyChanges as list } from '../../control-plane/list-policy-changes.js'
import { callerOf } from '../authenticate.js'
import { answer, bearer, problems } from '../openapi.js'
import { paging } from '../parameters.js'
import { policyChangeShape } from '../policy-schemas.js'
import { pageOf } from '../schemas.js'
import type { SecuredRoute } from './route.js'

export const listPolicyChanges: SecuredRoute = (app, plane) => {
  app.get(
    '/v1/policy/changes',
    {
      schema: {
        operationId: 'listPolicyChanges',
        tags: ['policies'],
        summary: 'List the changes of the policies, newest first',
        security: bearer,
        querystring: z.strictObject({ limit: paging.limit }),
        response: {
          200: answer('The newest', pageOf(policyChangeShape)),
          ...problems('EXQ-1002', 'EXQ-1108', 'EXQ-2001', 'EXQ-2002'),
        },
      },
    },
    async (request) => ({ items: await list(plane, callerOf(request), request.query.limit), next: null }),
  )
}
