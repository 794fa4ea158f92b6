import type { FastifyInstance } from 'fastify'
import type { ControlPlane } from '../control-plane/control-plane.js'

/** Sees to it that nobody who waits for an ending holds up the end of the server: closing answers them all. */
export function endWaitsOnClose(app: FastifyInstance, plane: ControlPlane): ControlPlane {
  const waits = new Set<() => void>()
  let closing = false
  app.addHook('preClose', async () => {
    closing = true
    for (const giveUp of waits) giveUp()
  })
  app.addHook('onSend', async (_request, reply) => {
    // A connection that was busy when closing began would else be kept for its next request.
    if (closing) reply.header('connection', 'close')
  })
  return {
    ...plane,
    expectEnding: (ref, ms) => {
      const expected = plane.expectEnding(ref, ms)
      // Of a request that came before closing began, and got here only now.
      if (closing) expected.giveUp()
      waits.add(expected.giveUp)
      void expected.over.finally(() => waits.delete(expected.giveUp))
      return expected
    },
  }
}
