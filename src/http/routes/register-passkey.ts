import { z } from 'zod'
import { registerPasskey as register } from '../../control-plane/passkeys.js'
import { callerOf } from '../authenticate.js'
import { answer, bearer, ofBodies, problems } from '../openapi.js'
import { endorsementShape } from '../proof-shapes.js'
import { keyShape } from '../vote-schemas.js'
import type { SecuredRoute } from './route.js'

const newPasskey = z.strictObject({
  response: z.record(z.string(), z.unknown()).meta({ description: '`RegistrationResponseJSON` of WebAuthn' }),
  endorsement: endorsementShape
    .optional()
    .meta({ description: 'For a further key: by a live key or passkey of yours' }),
})

export const registerPasskey: SecuredRoute = (app, plane) => {
  app.post(
    '/v1/passkeys',
    {
      schema: {
        operationId: 'registerPasskey',
        tags: ['keys'],
        summary: 'Register a passkey of your own, to sign votes with',
        description: 'Your device has to check who you are. A further key is endorsed by one you have.',
        security: bearer,
        body: newPasskey,
        response: {
          200: answer('The passkey is yours', keyShape),
          ...problems(...ofBodies, 'EXQ-2002', 'EXQ-2036', 'EXQ-4015', 'EXQ-4017', 'EXQ-4055', 'EXQ-4056'),
        },
      },
    },
    (request) => register(plane, callerOf(request), request.body),
  )
}
