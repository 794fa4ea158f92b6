import { z } from 'zod'
import { agreeToPolicies as agree } from '../../control-plane/agree-to-policies.js'
import { callerOf } from '../authenticate.js'
import { answer, bearer, ofBodies, problems } from '../openapi.js'
import { idParams } from '../parameters.js'
import { policyChangeShape } from '../policy-schemas.js'
import type { SecuredRoute } from './route.js'

const said = z.strictObject({ vote: z.enum(['agree', 'object']), reason: z.string().max(2_000).default('') })

export const agreeToPolicies: SecuredRoute = (app, plane) => {
  app.post(
    '/v1/policy/changes/:id/agreements',
    {
      schema: {
        operationId: 'agreeToPolicies',
        tags: ['policies'],
        summary: 'Agree or object to a change of the policies',
        description: 'One person is one, whatever the account; one objection ends the change.',
        security: bearer,
        params: idParams,
        body: said,
        response: {
          200: answer('It is recorded', policyChangeShape),
          ...problems(...ofBodies, 'EXQ-2002', 'EXQ-3002', 'EXQ-3011', 'EXQ-3012', 'EXQ-3013', 'EXQ-3014'),
        },
      },
    },
    (request) => agree(plane, callerOf(request), request.params.id, request.body),
  )
}
