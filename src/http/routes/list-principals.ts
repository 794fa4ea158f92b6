import { z } from 'zod'
import { listPrincipals as list } from '../../control-plane/list-principals.js'
import { callerOf } from '../authenticate.js'
import { answer, bearer, problems } from '../openapi.js'
import { paging } from '../parameters.js'
import { principalKind, principalShape } from '../principal-shapes.js'
import { pageOf } from '../schemas.js'
import type { SecuredRoute } from './route.js'

export const listPrincipals: SecuredRoute = (app) => {
  app.get(
    '/v1/principals',
    {
      schema: {
        operationId: 'listPrincipals',
        tags: ['service'],
        summary: 'List who there is in your tenant, for people',
        description: 'All of one kind, by name, on one page.',
        security: bearer,
        querystring: z.strictObject({ kind: principalKind.default('agent'), ...paging }),
        response: {
          200: answer('All of them', pageOf(principalShape)),
          ...problems('EXQ-1002', 'EXQ-1108', 'EXQ-2001', 'EXQ-2002'),
        },
      },
    },
    async (request) => ({ items: list(callerOf(request), request.query.kind), next: null }),
  )
}
