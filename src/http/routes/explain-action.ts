import { explainAction as explain } from '../../control-plane/explain-action.js'
import { callerOf } from '../authenticate.js'
import { answer, bearer, problems } from '../openapi.js'
import { idParams } from '../parameters.js'
import { explanationShape } from '../policy-schemas.js'
import type { SecuredRoute } from './route.js'

export const explainAction: SecuredRoute = (app, plane) => {
  app.get(
    '/v1/actions/:id/explanation',
    {
      schema: {
        operationId: 'explainAction',
        tags: ['actions'],
        summary: 'Ask why the policy decided as it did',
        description: 'People see the policies, agents what those say to them.',
        security: bearer,
        params: idParams,
        response: {
          200: answer('Every decision on it', explanationShape),
          ...problems('EXQ-1002', 'EXQ-1108', 'EXQ-2001', 'EXQ-6001'),
        },
      },
    },
    (request) => explain(plane, callerOf(request), request.params.id),
  )
}
