import { readMe as read } from '../../control-plane/sign-in/read-me.js'
import { callerOf } from '../authenticate.js'
import { meShape } from '../me-shapes.js'
import { answer, bearer, problems } from '../openapi.js'
import type { SecuredRoute } from './route.js'

export const readMe: SecuredRoute = (app, plane) => {
  app.get(
    '/v1/me',
    {
      schema: {
        operationId: 'readMe',
        tags: ['service'],
        summary: 'Who you are here',
        security: bearer,
        response: { 200: answer('You', meShape), ...problems('EXQ-1108', 'EXQ-2001') },
      },
    },
    async (request) => read(plane, callerOf(request)),
  )
}
