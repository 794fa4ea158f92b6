import { z } from 'zod'
import { getTool as get } from '../../control-plane/list-tools.js'
import { callerOf } from '../authenticate.js'
import { answer, bearer, problems } from '../openapi.js'
import { word } from '../parameters.js'
import { toolShape } from '../tool-schemas.js'
import type { SecuredRoute } from './route.js'

export const getTool: SecuredRoute = (app) => {
  app.get(
    '/v1/tools/:name',
    {
      schema: {
        operationId: 'getTool',
        tags: ['tools'],
        summary: 'Look at a tool contract',
        security: bearer,
        params: z.strictObject({ name: word }),
        querystring: z.strictObject({
          version: z.coerce.number().int().positive().optional().meta({ description: 'The newest, if left out' }),
        }),
        response: {
          200: answer('The contract', toolShape),
          ...problems('EXQ-1002', 'EXQ-1109', 'EXQ-1108', 'EXQ-2001'),
        },
      },
    },
    async (request) => get(callerOf(request), request.params.name, request.query.version),
  )
}
