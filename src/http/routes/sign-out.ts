import { z } from 'zod'
import { signOut as end } from '../../control-plane/sign-in/signed-in.js'
import { callerOf } from '../authenticate.js'
import { clearCookie, signInCookie } from '../cookies.js'
import type { SecuredRoute } from './route.js'

export const signOut: SecuredRoute = (app, plane) => {
  app.post(
    '/inbox/sign-out',
    { schema: { hide: true, body: z.strictObject({}).nullable() } },
    async (request, reply) => {
      await end(plane, callerOf(request))
      clearCookie(reply, signInCookie(plane.inbox.publicUrl))
      return {}
    },
  )
}
