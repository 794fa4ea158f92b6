import { z } from 'zod'
import { listActions as list } from '../../control-plane/list-actions.js'
import { outcomes, stages } from '../../domain/lifecycle.js'
import { callerOf } from '../authenticate.js'
import { answer, bearer, problems } from '../openapi.js'
import { paging, word } from '../parameters.js'
import { actionShape, pageOf } from '../schemas.js'
import type { SecuredRoute } from './route.js'

const filters = z.strictObject({
  agent: word.optional(),
  tool: word.optional(),
  stage: z.enum(stages).optional(),
  outcome: z.enum(outcomes).optional(),
  request_id: word.optional(),
  ...paging,
})

export const listActions: SecuredRoute = (app, plane) => {
  app.get(
    '/v1/actions',
    {
      schema: {
        operationId: 'listActions',
        tags: ['actions'],
        summary: 'List actions, newest first',
        description: 'People see those of their tenant, agents their own.',
        security: bearer,
        querystring: filters,
        response: { 200: answer('A page', pageOf(actionShape)), ...problems('EXQ-1002', 'EXQ-1108', 'EXQ-2001') },
      },
    },
    (request) => list(plane, callerOf(request), request.query),
  )
}
