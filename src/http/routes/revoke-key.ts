import { z } from 'zod'
import { revokeKey as revoke } from '../../control-plane/keys.js'
import { callerOf } from '../authenticate.js'
import { answer, bearer, ofBodies, problems } from '../openapi.js'
import { idParams } from '../parameters.js'
import { keyShape } from '../vote-schemas.js'
import type { SecuredRoute } from './route.js'

export const revokeKey: SecuredRoute = (app, plane) => {
  app.post(
    '/v1/keys/:id/revoke',
    {
      schema: {
        operationId: 'revokeKey',
        tags: ['keys'],
        summary: 'Revoke a key of your own, for ever',
        description: 'Votes signed by it, and not used yet, no longer count.',
        security: bearer,
        params: idParams,
        body: z.strictObject({}).nullable(),
        response: {
          200: answer('The key is revoked', keyShape),
          ...problems(...ofBodies, 'EXQ-2002', 'EXQ-4016'),
        },
      },
    },
    (request) => revoke(plane, callerOf(request), request.params.id),
  )
}
