import { answer, open } from '../openapi.js'
import { readinessShape } from '../schemas.js'
import type { OpenRoute } from './route.js'

export const getReadiness: OpenRoute = (app, readiness) => {
  app.get(
    '/readyz',
    {
      schema: {
        operationId: 'getReadiness',
        tags: ['service'],
        summary: 'Can the server do its work?',
        description: '503 names what is missing.',
        security: open,
        response: {
          200: answer('It can', readinessShape),
          503: answer('It cannot: the checks say why', readinessShape),
        },
      },
    },
    async (_request, reply) => {
      const checks = await readiness()
      const ready = checks.every(({ ok }) => ok)
      return reply.code(ready ? 200 : 503).send({ ready, checks })
    },
  )
}
