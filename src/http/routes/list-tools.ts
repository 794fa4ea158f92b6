import { listTools as list } from '../../control-plane/list-tools.js'
import { callerOf } from '../authenticate.js'
import { answer, bearer, problems } from '../openapi.js'
import { pageOf } from '../schemas.js'
import { toolShape } from '../tool-schemas.js'
import type { SecuredRoute } from './route.js'

export const listTools: SecuredRoute = (app) => {
  app.get(
    '/v1/tools',
    {
      schema: {
        operationId: 'listTools',
        tags: ['tools'],
        summary: 'List the tools, each in its newest version',
        security: bearer,
        response: { 200: answer('All of them', pageOf(toolShape)), ...problems('EXQ-1108', 'EXQ-2001') },
      },
    },
    async (request) => ({ items: list(callerOf(request)), next: null }),
  )
}
