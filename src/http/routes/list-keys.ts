import { listKeys as list } from '../../control-plane/keys.js'
import { callerOf } from '../authenticate.js'
import { answer, bearer, problems } from '../openapi.js'
import { ownKeysShape } from '../vote-schemas.js'
import type { SecuredRoute } from './route.js'

export const listKeys: SecuredRoute = (app) => {
  app.get(
    '/v1/keys',
    {
      schema: {
        operationId: 'listKeys',
        tags: ['keys'],
        summary: 'List the live keys that you sign votes with',
        security: bearer,
        response: {
          200: answer('Who you are, and your keys', ownKeysShape),
          ...problems('EXQ-1108', 'EXQ-2001', 'EXQ-2002'),
        },
      },
    },
    async (request) => list(callerOf(request)),
  )
}
