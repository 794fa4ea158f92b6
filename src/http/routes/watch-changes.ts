import { z } from 'zod'
import { createWatches } from '../../control-plane/watch-changes.js'
import { callerOf } from '../authenticate.js'
import { openEventStream } from '../event-stream.js'
import { bearer, problems } from '../openapi.js'
import type { SecuredRoute } from './route.js'

const beatMs = 5_000

const events = {
  description: 'Events `change` with `{"topics": [...]}`, for as long as both sides stay',
  content: { 'text/event-stream': { schema: z.any().meta({ type: 'string' }) } },
}

export const watchChanges: SecuredRoute = (app, plane) => {
  const watches = createWatches(plane)
  const streams = new Set<() => void>()
  app.addHook('preClose', async () => {
    for (const end of streams) end()
  })
  app.get(
    '/v1/events',
    {
      schema: {
        operationId: 'watchChanges',
        tags: ['service'],
        summary: 'Watch what people look at, as it changes',
        description:
          'Server-sent events, for people. `data` of an event `change` is `{"topics": [...]}`, of `approvals`, `attention`, `actions`, `stops` and `reviews`: look at the lists of these again. The first one names all of them, as does the one after the server has lost touch with the ledger. Comments come every few seconds. It ends when the credential does; connect again.',
        security: bearer,
        response: { 200: events, ...problems('EXQ-1108', 'EXQ-2001', 'EXQ-2002', 'EXQ-5042') },
      },
    },
    async (request, reply) => {
      const stream = openEventStream()
      const watch = watches.open(callerOf(request), { told: stream.tell, ended: stream.end })
      streams.add(stream.end)
      const beats = setInterval(() => {
        stream.beat()
        void watch.lookAgain()
      }, beatMs)
      stream.body.once('close', () => {
        clearInterval(beats)
        streams.delete(stream.end)
        watch.close()
      })
      reply.type('text/event-stream').header('x-accel-buffering', 'no')
      return reply.send(stream.body)
    },
  )
}
