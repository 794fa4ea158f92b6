import { z } from 'zod'
import { stopAs } from '../../control-plane/order-stop.js'
import { callerOf } from '../authenticate.js'
import { answer, bearer, ofBodies, problems } from '../openapi.js'
import { word } from '../parameters.js'
import { stopOrderedShape } from '../schemas.js'
import type { SecuredRoute } from './route.js'

const orderShape = z.strictObject({
  scope: word.meta({ description: '`tenant`, `agent:<name>`, `owner:person:<name>` or `tool:<name>`' }),
  reason: z.string().min(1).max(2_000),
  pending: z.enum(['wait', 'end']).optional().meta({ description: 'As configured, if left out' }),
})

export const orderStop: SecuredRoute = (app, plane) => {
  app.post(
    '/v1/stops',
    {
      schema: {
        operationId: 'orderStop',
        tags: ['stops'],
        summary: 'Stop an agent, an owner, a tool or the tenant, at once',
        description: 'Once this is answered, no intent and no attempt of it commits.',
        security: bearer,
        body: orderShape,
        response: {
          200: answer('It is stopped', stopOrderedShape),
          ...problems(...ofBodies, 'EXQ-2002', 'EXQ-4020', 'EXQ-4021'),
        },
      },
    },
    (request) => stopAs(plane, callerOf(request), request.body),
  )
}
