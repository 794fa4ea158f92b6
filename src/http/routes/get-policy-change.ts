import { getPolicyChange as get } from '../../control-plane/list-policy-changes.js'
import { callerOf } from '../authenticate.js'
import { answer, bearer, problems } from '../openapi.js'
import { idParams } from '../parameters.js'
import { policyChangeShape } from '../policy-schemas.js'
import type { SecuredRoute } from './route.js'

export const getPolicyChange: SecuredRoute = (app, plane) => {
  app.get(
    '/v1/policy/changes/:id',
    {
      schema: {
        operationId: 'getPolicyChange',
        tags: ['policies'],
        summary: 'Look at a change of the policies',
        security: bearer,
        params: idParams,
        response: {
          200: answer('As it stands', policyChangeShape),
          ...problems('EXQ-1002', 'EXQ-1108', 'EXQ-2001', 'EXQ-2002', 'EXQ-3012'),
        },
      },
    },
    (request) => get(plane, callerOf(request), request.params.id),
  )
}
