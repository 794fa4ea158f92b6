import { z } from 'zod'
import { setToolStatus as set } from '../../control-plane/set-tool-status.js'
import { callerOf } from '../authenticate.js'
import { answer, bearer, problems } from '../openapi.js'
import { word } from '../parameters.js'
import { statusOrderedShape } from '../schemas.js'
import type { SecuredRoute } from './route.js'

const orderShape = z.strictObject({
  status: z.enum(['live', 'deprecated', 'withdrawn']),
  version: z.int().positive().optional().meta({ description: 'All of them, if left out' }),
  note: z.string().min(1).max(2_000).meta({ description: 'Why; shown with the contract' }),
})

export const setToolStatus: SecuredRoute = (app, plane) => {
  app.post(
    '/v1/tools/:name/status',
    {
      schema: {
        operationId: 'setToolStatus',
        tags: ['tools'],
        summary: 'Withdraw a tool, deprecate it, or take that back, at once',
        description: 'Once a withdrawal is answered, no intent and no attempt of it commits.',
        security: bearer,
        params: z.strictObject({ name: word }),
        body: orderShape,
        response: {
          200: answer('It has that status', statusOrderedShape),
          ...problems(
            'EXQ-1001',
            'EXQ-1002',
            'EXQ-1003',
            'EXQ-1004',
            'EXQ-1108',
            'EXQ-1109',
            'EXQ-2001',
            'EXQ-2002',
            'EXQ-4020',
          ),
        },
      },
    },
    (request) => set(plane, callerOf(request), { ...request.body, tool: request.params.name }),
  )
}
