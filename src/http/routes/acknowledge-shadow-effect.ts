import { z } from 'zod'
import { acknowledgeShadowEffect as acknowledge } from '../../control-plane/shadow-effects.js'
import { callerOf } from '../authenticate.js'
import { answer, bearer, ofBodies, problems } from '../openapi.js'
import { idParams } from '../parameters.js'
import { shadowShape } from '../reconciler-schemas.js'
import type { SecuredRoute } from './route.js'

export const acknowledgeShadowEffect: SecuredRoute = (app, plane) => {
  app.post(
    '/v1/shadow-effects/:id/acknowledgements',
    {
      schema: {
        operationId: 'acknowledgeShadowEffect',
        tags: ['reconciliation'],
        summary: 'Say that you know of a shadow effect, and why it is there',
        description: 'Who said so first stands.',
        security: bearer,
        params: idParams,
        body: z.strictObject({ reason: z.string().min(1).max(2_000) }),
        response: {
          200: answer('It is recorded', shadowShape),
          ...problems(...ofBodies, 'EXQ-5060', 'EXQ-5061'),
        },
      },
    },
    (request) => acknowledge(plane, callerOf(request), request.params.id, request.body.reason),
  )
}
