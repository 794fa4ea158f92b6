import { getAttention as get } from '../../control-plane/attention/get-attention.js'
import { attentionShape } from '../attention-shapes.js'
import { callerOf } from '../authenticate.js'
import { answer, bearer, problems } from '../openapi.js'
import { idParams } from '../parameters.js'
import type { SecuredRoute } from './route.js'

export const getAttention: SecuredRoute = (app, plane) => {
  app.get(
    '/v1/attention/:id',
    {
      schema: {
        operationId: 'getAttention',
        tags: ['attention'],
        summary: 'Look at what is known, what was tried, and the choices',
        security: bearer,
        params: idParams,
        response: {
          200: answer('As it stands', attentionShape),
          ...problems('EXQ-1002', 'EXQ-1108', 'EXQ-2001', 'EXQ-2002', 'EXQ-5030'),
        },
      },
    },
    (request) => get(plane, callerOf(request), request.params.id),
  )
}
