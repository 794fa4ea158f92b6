import type { FastifyInstance, FastifyRequest } from 'fastify'
import { authenticate } from '../control-plane/authenticate.js'
import type { Caller, ControlPlane } from '../control-plane/control-plane.js'
import { requireScope } from '../control-plane/require-scope.js'
import { ExequaturError } from '../domain/errors.js'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; null before authentication, and where none is asked for. */
    caller: Caller | null
  }
  interface FastifyContextConfig {
    /** This route admits actions: the ledger guards its authority, and its refusals are recorded. */
    admits?: true
  }
}

/** Lets nobody further than the header without a live credential: no body is read for strangers. */
export function requireBearer(app: FastifyInstance, plane: Pick<ControlPlane, 'authorities' | 'accessTokens'>): void {
  app.addHook('onRequest', async (request) => {
    const token = /^bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1]
    request.caller = await authenticate(plane, token, request.routeOptions.config.admits !== true)
    requireScope(request.caller, request.method !== 'GET')
  })
}

/** The authenticated caller of a route behind {@link requireBearer}. */
export function callerOf(request: FastifyRequest): Caller {
  if (!request.caller) throw new ExequaturError('EXQ-2001', 'this address is for authenticated callers')
  return request.caller
}
