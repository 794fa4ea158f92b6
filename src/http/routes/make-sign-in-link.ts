import { z } from 'zod'
import { makeSignInLink as make } from '../../control-plane/sign-in/links.js'
import { callerOf } from '../authenticate.js'
import { signInLinkShape } from '../me-shapes.js'
import { answer, bearer, ofBodies, problems } from '../openapi.js'
import type { SecuredRoute } from './route.js'

export const makeSignInLink: SecuredRoute = (app, plane) => {
  app.post(
    '/v1/sign-in-links',
    {
      schema: {
        operationId: 'makeSignInLink',
        tags: ['service'],
        summary: 'Get a link that signs you in at the inbox',
        description: 'It works once, for ten minutes. Whoever opens it is you: show it to nobody.',
        security: bearer,
        body: z.strictObject({}).nullable(),
        response: {
          200: answer('The link', signInLinkShape),
          ...problems(...ofBodies, 'EXQ-2002', 'EXQ-2035'),
        },
      },
    },
    (request) => make(plane, callerOf(request)),
  )
}
