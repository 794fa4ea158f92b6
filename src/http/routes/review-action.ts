import { z } from 'zod'
import { reviewAction as review } from '../../control-plane/review-action.js'
import { callerOf } from '../authenticate.js'
import { answer, bearer, ofBodies, problems } from '../openapi.js'
import { idParams } from '../parameters.js'
import { actionShape } from '../schemas.js'
import type { SecuredRoute } from './route.js'

const reason = z.string().min(1).max(2_000)
const wish = z.discriminatedUnion('verdict', [
  z.strictObject({ verdict: z.literal('looked-at'), reason: reason.optional() }),
  z.strictObject({ verdict: z.literal('objected'), reason }),
])

export const reviewAction: SecuredRoute = (app, plane) => {
  app.post(
    '/v1/actions/:id/reviews',
    {
      schema: {
        operationId: 'reviewAction',
        tags: ['reviews'],
        summary: 'Say that you looked an action over, or object to it',
        description: 'Said once, it stands; an objection stays, whoever looks afterwards.',
        security: bearer,
        params: idParams,
        body: wish,
        response: {
          200: answer('It is recorded', actionShape),
          ...problems(...ofBodies, 'EXQ-2002', 'EXQ-4031', 'EXQ-4032', 'EXQ-6001'),
        },
      },
    },
    (request) => review(plane, callerOf(request), request.params.id, request.body),
  )
}
