import type { FastifyRequest } from 'fastify'
import { codedError } from '../coded-error.js'
import { authenticateAgain } from '../control-plane/authenticate.js'
import type { ControlPlane } from '../control-plane/control-plane.js'
import { refuseAction } from '../control-plane/refuse-action.js'
import { type ExequaturError, errorTable } from '../domain/errors.js'

declare module 'fastify' {
  interface FastifyRequest {
    /** The body as it came, as far as it was read. */
    bodyBytes: Buffer | null
  }
}

/**
 * Records that an authenticated request for an action is refused, once, before the answer says so. Resolves to the
 * error to answer with: another one if the refusal cannot be recorded, or the credential turns out to be revoked.
 */
export async function recordRefused(
  plane: ControlPlane,
  request: FastifyRequest,
  error: ExequaturError,
): Promise<ExequaturError> {
  const { caller, routeOptions, bodyBytes } = request
  const refused = routeOptions.config.admits && error.code !== 'EXQ-2001' && errorTable[error.code].status < 500
  if (!caller || !refused) return error
  try {
    await refuseAction(plane, await authenticateAgain(plane.authorities, caller), error.code, bodyBytes)
    return error
  } catch (failure) {
    return codedError(failure)
  }
}
