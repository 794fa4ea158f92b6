import { z } from 'zod'
import { passkeyOptions as options } from '../../control-plane/passkeys.js'
import { callerOf } from '../authenticate.js'
import { answer, bearer, ofBodies, problems } from '../openapi.js'
import type { SecuredRoute } from './route.js'

export const passkeyOptions: SecuredRoute = (app, plane) => {
  app.post(
    '/v1/passkeys/options',
    {
      schema: {
        operationId: 'passkeyOptions',
        tags: ['keys'],
        summary: 'Get what a browser needs to make a passkey of yours',
        description: 'Its challenge is for this sign-in alone, and is answered once, within ten minutes.',
        security: bearer,
        body: z.strictObject({}).nullable(),
        response: {
          200: answer(
            '`PublicKeyCredentialCreationOptionsJSON` of WebAuthn',
            z.looseObject({ challenge: z.string() }).meta({ id: 'PasskeyOptions' }),
          ),
          ...problems(...ofBodies, 'EXQ-2002', 'EXQ-2036', 'EXQ-4055'),
        },
      },
    },
    async (request) => ({ ...(await options(plane, callerOf(request))) }),
  )
}
