import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { type FastifyBaseLogger, type FastifyInstance, fastify, LogController } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { codedError } from '../coded-error.js'
import type { ControlPlane } from '../control-plane/control-plane.js'
import type { Logger } from '../log.js'
import { packageRoot } from '../package-root.js'
import { requireCredential } from './authenticate.js'
import { endWaitsOnClose } from './end-waits.js'
import { answerErrors, sendProblem } from './error-response.js'
import { readPageFiles } from './inbox/page-files.js'
import { servePages } from './inbox/serve-pages.js'
import { signInRoutes } from './inbox/sign-in-routes.js'
import { acceptJson, maxBodyBytes } from './json-bodies.js'
import { describeApi } from './openapi.js'
import { limitRate, limitStrangers, type RateLimit } from './rate-limit.js'
import { openRoutes, type ReadinessCheck, securedRoutes } from './routes/index.js'
import { secureAnswers } from './secure-headers.js'
import { validatorCompiler } from './shape-problems.js'

export interface HttpServerOptions {
  readonly logger: Logger
  /** Asked by /readyz: what the server needs, and whether it is there. */
  readonly readiness: () => Promise<readonly ReadinessCheck[]>
  readonly rateLimit?: RateLimit
  /** Of each address, for what is open to whoever is not signed in. */
  readonly strangersLimit?: RateLimit
  /** Where the built inbox is; beside the server if left out. */
  readonly inboxFolder?: string
}

const receiveTimeoutMs = 30_000
const builtInbox = fileURLToPath(new URL('dist/inbox', packageRoot))

/** The HTTP surface over the use cases, ready to listen. Closing it ends the waits of `Prefer: wait` at once. */
export async function createHttpServer(plane: ControlPlane, options: HttpServerOptions): Promise<FastifyInstance> {
  const app: FastifyInstance = fastify({
    loggerInstance: options.logger as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    bodyLimit: maxBodyBytes,
    requestTimeout: receiveTimeoutMs,
    exposeHeadRoutes: false,
    frameworkErrors: (error, request, reply) => sendProblem(codedError(error), request, reply),
  })
  // What has no route has no parser either: an unknown address is one, whatever is sent to it.
  app.removeAllContentTypeParsers()
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(() => JSON.stringify)
  app.decorateRequest('caller', null)
  app.decorateRequest('bodyBytes', null)
  app.decorateRequest('answeredCode', null)
  answerErrors(app, plane)
  secureAnswers(app, plane.inbox.publicUrl)
  await describeApi(app)
  for (const add of openRoutes) add(app.withTypeProvider<ZodTypeProvider>(), options.readiness)
  const surface = endWaitsOnClose(app, plane)
  await app.register(async (secured) => {
    requireCredential(secured, plane)
    await limitRate(secured, options.rateLimit)
    acceptJson(secured)
    logRequests(secured)
    for (const add of securedRoutes) add(secured.withTypeProvider<ZodTypeProvider>(), surface)
  })
  await app.register(async (inbox) => {
    acceptJson(inbox)
    logRequests(inbox)
    await inbox.register(async (strangers) => {
      await limitStrangers(strangers, options.strangersLimit)
      signInRoutes(strangers.withTypeProvider<ZodTypeProvider>(), plane)
    })
    servePages(inbox, readPageFiles(options.inboxFolder ?? builtInbox))
  })
  await app.ready()
  return app
}

function logRequests(app: FastifyInstance): void {
  app.addHook(
    'onResponse',
    async ({ log, method, routeOptions, caller, answeredCode }, { statusCode, elapsedTime }) => {
      const facts = { method, route: routeOptions.url, status: statusCode, ms: Math.round(elapsedTime) }
      const who = caller && { tenant: caller.tenant, principal: caller.principal.principal }
      log.info({ ...facts, ...who, ...(answeredCode && { code: answeredCode }) }, 'answered')
    },
  )
}
