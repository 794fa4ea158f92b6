import type { FastifyInstance, FastifyRequest } from 'fastify'
import { authenticate } from '../control-plane/authenticate.js'
import type { Caller, ControlPlane } from '../control-plane/control-plane.js'
import { requireScope } from '../control-plane/require-scope.js'
import { callerSignedIn } from '../control-plane/sign-in/signed-in.js'
import { ExequaturError } from '../domain/errors.js'
import { isSameText } from '../identity/sign-in-secret.js'
import { readCookie, signInCookie } from './cookies.js'
import { requireSameOrigin } from './same-origin.js'

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

type Deps = Pick<ControlPlane, 'pool' | 'authorities' | 'accessTokens' | 'inbox'>

/**
 * Lets nobody further than the header without a live credential: a bearer token, or the cookie of a sign-in at the inbox.
 * No body is read for strangers.
 */
export function requireCredential(app: FastifyInstance, plane: Deps): void {
  const cookie = signInCookie(plane.inbox.publicUrl)
  app.addHook('onRequest', async (request) => {
    const { authorization } = request.headers
    const secret = readCookie(request, cookie)
    if (secret !== null && authorization !== undefined)
      throw new ExequaturError('EXQ-2031', 'there is an authorization header and the cookie of a sign-in')
    if (secret === null) {
      const token = /^bearer +(\S+) *$/i.exec(authorization ?? '')?.[1]
      request.caller = await authenticate(plane, token, request.routeOptions.config.admits !== true)
    } else {
      requireSameOrigin(request, plane.inbox.publicUrl)
      const caller = await callerSignedIn(plane, secret)
      requireCsrfToken(request, caller)
      request.caller = caller
    }
    requireScope(request.caller, request.method !== 'GET')
  })
}

/** The authenticated caller of a route behind {@link requireCredential}. */
export function callerOf(request: FastifyRequest): Caller {
  if (!request.caller) throw new ExequaturError('EXQ-2001', 'this address is for authenticated callers')
  return request.caller
}

/** The cookie comes by itself; what the page was told does not. */
function requireCsrfToken({ headers, method }: FastifyRequest, { signIn }: Caller): void {
  if (method === 'GET') return
  const sent = headers['x-exequatur-csrf']
  if (typeof sent !== 'string' || !signIn || !isSameText(sent, signIn.csrf))
    throw new ExequaturError('EXQ-2032', 'the header x-exequatur-csrf is not what `GET /v1/me` gives')
}
