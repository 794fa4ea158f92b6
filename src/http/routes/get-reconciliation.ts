import { readReconciliation } from '../../control-plane/read-reconciliation.js'
import { callerOf } from '../authenticate.js'
import { answer, bearer, problems } from '../openapi.js'
import { reconciliationShape } from '../reconciler-schemas.js'
import type { SecuredRoute } from './route.js'

export const getReconciliation: SecuredRoute = (app, plane) => {
  app.get(
    '/v1/reconciliation',
    {
      schema: {
        operationId: 'getReconciliation',
        tags: ['reconciliation'],
        summary: 'See what the reconciler did last',
        security: bearer,
        response: {
          200: answer('Its last comparisons', reconciliationShape),
          ...problems('EXQ-1108', 'EXQ-2001', 'EXQ-2002'),
        },
      },
    },
    (request) => readReconciliation(plane, callerOf(request)),
  )
}
