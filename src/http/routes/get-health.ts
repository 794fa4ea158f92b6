import { z } from 'zod'
import { answer, open } from '../openapi.js'
import type { OpenRoute } from './route.js'

export const getHealth: OpenRoute = (app) => {
  app.get(
    '/healthz',
    {
      schema: {
        operationId: 'getHealth',
        tags: ['service'],
        summary: 'Does the process live?',
        security: open,
        response: { 200: answer('It does', z.object({ status: z.literal('ok') })) },
      },
    },
    async () => ({ status: 'ok' as const }),
  )
}
