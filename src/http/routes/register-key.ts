import { z } from 'zod'
import { registerKey as register } from '../../control-plane/keys.js'
import { callerOf } from '../authenticate.js'
import { answer, bearer, ofBodies, problems } from '../openapi.js'
import { endorsementShape } from '../proof-shapes.js'
import { keyShape } from '../vote-schemas.js'
import type { SecuredRoute } from './route.js'

const newKey = z.strictObject({
  public_key: z.string().max(200).meta({ description: 'Ed25519, SPKI as base64url' }),
  proof: z.string().max(200).meta({
    description:
      'Signature by the new key over the RFC 8785 bytes of {purpose: "register-key", tenant, principal, public_key}, base64url',
  }),
  endorsement: endorsementShape
    .optional()
    .meta({ description: 'For a further key: by a live key or passkey of yours' }),
})

export const registerKey: SecuredRoute = (app, plane) => {
  app.post(
    '/v1/keys',
    {
      schema: {
        operationId: 'registerKey',
        tags: ['keys'],
        summary: 'Register a key of your own, to sign votes with',
        description:
          'The private half stays with you. The same key again changes nothing. A further key is endorsed by one you have.',
        security: bearer,
        body: newKey,
        response: {
          200: answer('The key is yours', keyShape),
          ...problems(...ofBodies, 'EXQ-2002', 'EXQ-2036', 'EXQ-4015', 'EXQ-4017'),
        },
      },
    },
    (request) => register(plane, callerOf(request), request.body),
  )
}
