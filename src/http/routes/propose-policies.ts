import { z } from 'zod'
import { proposePolicies as propose } from '../../control-plane/propose-policies.js'
import { callerOf } from '../authenticate.js'
import { answer, bearer, ofBodies, problems } from '../openapi.js'
import { policyChangeShape, policyFilesShape } from '../policy-schemas.js'
import type { SecuredRoute } from './route.js'

const proposal = z.strictObject({ policies: policyFilesShape, note: z.string().max(2_000).default('') })

export const proposePolicies: SecuredRoute = (app, plane) => {
  app.post(
    '/v1/policy/changes',
    {
      schema: {
        operationId: 'proposePolicies',
        tags: ['policies'],
        summary: 'Propose other policies',
        description: 'What only tightens is in force at once; what loosens waits until enough people agree.',
        security: bearer,
        body: proposal,
        response: {
          200: answer('The change is recorded', policyChangeShape),
          ...problems(...ofBodies, 'EXQ-2002', 'EXQ-3002', 'EXQ-3011', 'EXQ-3014', 'EXQ-3015'),
        },
      },
    },
    (request) => propose(plane, callerOf(request), request.body),
  )
}
