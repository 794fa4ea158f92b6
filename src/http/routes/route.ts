import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { ControlPlane } from '../../control-plane/control-plane.js'

type TypedApp = FastifyInstance<RawServerDefault, IncomingMessage, ServerResponse, FastifyBaseLogger, ZodTypeProvider>

export interface ReadinessCheck {
  readonly name: string
  readonly ok: boolean
  readonly detail?: string
}

/** Adds one endpoint for authenticated callers: it parses, calls a use case and renders. */
export type SecuredRoute = (app: TypedApp, plane: ControlPlane) => void

/** Adds one endpoint for everybody. */
export type OpenRoute = (app: TypedApp, readiness: () => Promise<readonly ReadinessCheck[]>) => void
