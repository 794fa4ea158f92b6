import { z } from 'zod'
import { resumeAs } from '../../control-plane/order-stop.js'
import { callerOf } from '../authenticate.js'
import { answer, bearer, ofBodies, problems } from '../openapi.js'
import { word } from '../parameters.js'
import { stopOrderedShape } from '../schemas.js'
import type { SecuredRoute } from './route.js'

export const orderResume: SecuredRoute = (app, plane) => {
  app.post(
    '/v1/stops/:scope/resume',
    {
      schema: {
        operationId: 'orderResume',
        tags: ['stops'],
        summary: 'Let what is stopped go on',
        security: bearer,
        params: z.strictObject({ scope: word }),
        body: z.strictObject({ reason: z.string().min(1).max(2_000) }),
        response: {
          200: answer('It is resumed', stopOrderedShape),
          ...problems(...ofBodies, 'EXQ-2002', 'EXQ-4020', 'EXQ-4022'),
        },
      },
    },
    (request) => resumeAs(plane, callerOf(request), { scope: request.params.scope, reason: request.body.reason }),
  )
}
