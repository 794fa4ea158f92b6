import { z } from 'zod'
import { answer, open } from '../openapi.js'
import type { OpenRoute } from './route.js'

export const getOpenapi: OpenRoute = (app) => {
  app.get(
    '/openapi.json',
    {
      schema: {
        operationId: 'getOpenapi',
        tags: ['service'],
        summary: 'This description',
        security: open,
        response: { 200: answer('OpenAPI 3.1', z.unknown()) },
      },
    },
    async () => app.swagger(),
  )
}
