import { listStops as list } from '../../control-plane/order-stop.js'
import { callerOf } from '../authenticate.js'
import { answer, bearer, problems } from '../openapi.js'
import { pageOf, stopShape } from '../schemas.js'
import type { SecuredRoute } from './route.js'

export const listStops: SecuredRoute = (app) => {
  app.get(
    '/v1/stops',
    {
      schema: {
        operationId: 'listStops',
        tags: ['stops'],
        summary: 'List the stops in force',
        description: 'Those that hold for every tenant too.',
        security: bearer,
        response: { 200: answer('All of them', pageOf(stopShape)), ...problems('EXQ-1108', 'EXQ-2001', 'EXQ-2002') },
      },
    },
    async (request) => ({ items: list(callerOf(request)), next: null }),
  )
}
