import { z } from 'zod'
import { resolveAttention as resolve } from '../../control-plane/attention/resolve-attention.js'
import { longestReason } from '../../control-plane/attention/sign-resolution.js'
import { choices } from '../../domain/attention.js'
import type { JsonObject } from '../../domain/json.js'
import { attentionShape } from '../attention-shapes.js'
import { callerOf } from '../authenticate.js'
import { answer, bearer, ofBodies, problems } from '../openapi.js'
import { idParams } from '../parameters.js'
import { proofShapes } from '../proof-shapes.js'
import { surfaceHeader, surfaceOf } from '../surface-of.js'
import type { SecuredRoute } from './route.js'

const plain = z
  .strictObject({
    choice: z.enum(choices),
    reason: z.string().max(longestReason),
    evidence: z
      .string()
      .max(longestReason)
      .nullable()
      .default(null)
      .meta({ description: 'What shows it: a ticket, an id in the real system' }),
    output: z
      .record(z.string(), z.unknown())
      .nullable()
      .default(null)
      .meta({ description: 'The output of a call whose answer was lost, to refer to it and to undo it' }),
    state_digest: z.string().min(1).max(200).meta({ description: 'Of what you were shown' }),
  })
  .meta({ description: 'The server signs it, and vouches for you' })

const statement = z.string().max(300_000).meta({ description: 'The decision as RFC 8785 bytes' })
const [byKey, byPasskey] = proofShapes('the statement')

const resolutionShape = z.union([
  plain,
  byKey.extend({ statement }).meta({ description: 'Signed by your own registered key' }),
  byPasskey.extend({ statement }).meta({ description: 'Signed by your own registered passkey' }),
])

export const resolveAttention: SecuredRoute = (app, plane) => {
  app.post(
    '/v1/attention/:id/resolutions',
    {
      schema: {
        operationId: 'resolveAttention',
        tags: ['attention'],
        summary: 'Decide what happened, or what is to be done',
        description: 'Decided once, it stands; the same again changes nothing.',
        security: bearer,
        params: idParams,
        headers: surfaceHeader,
        body: resolutionShape,
        response: {
          200: answer('It is recorded', attentionShape),
          ...problems(
            ...ofBodies,
            'EXQ-2002',
            'EXQ-4013',
            'EXQ-5030',
            'EXQ-5031',
            'EXQ-5032',
            'EXQ-5033',
            'EXQ-5034',
            'EXQ-5035',
            'EXQ-5036',
            'EXQ-5037',
            'EXQ-5038',
          ),
        },
      },
    },
    (request) => {
      const { body } = request
      const resolving =
        'statement' in body ? body : { ...body, output: body.output as JsonObject | null, method: surfaceOf(request) }
      return resolve(plane, callerOf(request), request.params.id, resolving)
    },
  )
}
