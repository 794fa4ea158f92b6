import { z } from 'zod'
import { listPolicySets as list } from '../../control-plane/list-policy-sets.js'
import { callerOf } from '../authenticate.js'
import { answer, bearer, problems } from '../openapi.js'
import { paging } from '../parameters.js'
import { policySetShape } from '../policy-schemas.js'
import { pageOf } from '../schemas.js'
import type { SecuredRoute } from './route.js'

export const listPolicySets: SecuredRoute = (app, plane) => {
  app.get(
    '/v1/policy/sets',
    {
      schema: {
        operationId: 'listPolicySets',
        tags: ['policies'],
        summary: 'List the policy sets that were in force, newest first',
        security: bearer,
        querystring: z.strictObject({ limit: paging.limit }),
        response: {
          200: answer('The newest', pageOf(policySetShape)),
          ...problems('EXQ-1002', 'EXQ-1108', 'EXQ-2001', 'EXQ-2002'),
        },
      },
    },
    async (request) => ({ items: await list(plane, callerOf(request), request.query.limit), next: null }),
  )
}
