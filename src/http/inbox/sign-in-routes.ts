import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import { codedError } from '../../coded-error.js'
import type { NewSignIn } from '../../control-plane/sign-in/begin-sign-in.js'
import { signInByIssuer } from '../../control-plane/sign-in/by-issuer.js'
import { useSignInLink } from '../../control-plane/sign-in/links.js'
import { ExequaturError, isExequaturError } from '../../domain/errors.js'
import { begunCookie, clearCookie, readCookie, setCookie, signInCookie } from '../cookies.js'
import type { SecuredRoute } from '../routes/route.js'
import { requireSameOrigin } from '../same-origin.js'
import { openBegun, pathInInbox, sealBegun } from './begun-sign-in.js'

const begunFor = 10 * 60

const hide = { hide: true } as const

/** The ways to sign in, for whoever has not yet. Only coming back from an issuer, and POST, change anything. */
export const signInRoutes: SecuredRoute = (app, plane) => {
  const { publicUrl, oidc } = plane.inbox
  const begunIn = begunCookie(publicUrl)
  const finish = (reply: FastifyReply, { secret, ends_at }: NewSignIn) =>
    setCookie(
      reply,
      signInCookie(publicUrl),
      secret,
      Math.max(0, Math.ceil((Date.parse(ends_at) - Date.now()) / 1_000)),
    )

  app.get('/inbox/sign-in/ways', { schema: hide }, async () => ({ issuers: oidc?.ways ?? [] }))

  app.post(
    '/inbox/sign-in/link',
    { schema: { ...hide, body: z.strictObject({ code: z.string().max(200) }) } },
    async (request, reply) => {
      requireSameOrigin(request, publicUrl)
      const signIn = await useSignInLink(plane, request.body.code)
      finish(reply, signIn)
      return { principal: signIn.principal, ends_at: signIn.ends_at }
    },
  )

  app.get(
    '/inbox/sign-in/oidc',
    {
      schema: {
        ...hide,
        querystring: z.strictObject({ issuer: z.coerce.number().int().min(0), to: z.string().optional() }),
      },
    },
    async (request, reply) => {
      if (!oidc) throw new ExequaturError('EXQ-2034', 'nobody signs in through an issuer here')
      const { address, begun } = await oidc.begin(request.query.issuer)
      const to = pathInInbox(request.query.to, publicUrl)
      const kept = { ...begun, to, until: Date.now() + begunFor * 1_000 }
      setCookie(reply, begunIn, sealBegun(plane, kept), begunFor)
      return reply.redirect(address, 303)
    },
  )

  app.get('/inbox/sign-in/callback', { schema: hide }, async (request, reply) => {
    const begun = openBegun(plane, readCookie(request, begunIn))
    clearCookie(reply, begunIn)
    try {
      if (!oidc || !begun) throw new ExequaturError('EXQ-2034', 'it was not begun in this browser, or too long ago')
      const query = request.url.split('?')[1] ?? ''
      finish(reply, await signInByIssuer(plane, await oidc.finish(query, begun)))
      return await reply.redirect(begun.to, 303)
    } catch (error) {
      const { code } = codedError(error)
      request.answeredCode = code
      if (!isExequaturError(error) || error.cause) request.log.warn({ err: error, code }, 'nobody was signed in')
      // Somebody looks at this in a browser: the sign-in page says what is wrong.
      return reply.redirect(`/inbox/sign-in?problem=${code}`, 303)
    }
  })
}
