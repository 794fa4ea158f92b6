import { z } from 'zod'
import { castVote as cast } from '../../control-plane/cast-vote.js'
import { voteKinds } from '../../domain/approval.js'
import { approvalShape } from '../approval-shape.js'
import { callerOf } from '../authenticate.js'
import { answer, bearer, ofBodies, problems } from '../openapi.js'
import { idParams } from '../parameters.js'
import { proofShapes } from '../proof-shapes.js'
import { surfaceHeader, surfaceOf } from '../surface-of.js'
import type { SecuredRoute } from './route.js'

const plainVote = z
  .strictObject({
    vote: z.enum(voteKinds),
    reason: z.string().max(2_000).default('').meta({ description: 'A rejection needs one' }),
    envelope_digest: z.string().min(1).max(200).meta({ description: 'Of what you were shown' }),
    acknowledged: z
      .array(z.string().max(200))
      .max(100)
      .default([])
      .meta({ description: 'To approve what has flags: the names of all of them' }),
  })
  .meta({ description: 'The server signs it, and vouches for you' })

const statement = z.string().max(20_000).meta({ description: 'The vote as RFC 8785 bytes' })
const [byKey, byPasskey] = proofShapes('the statement')

const voteShape = z.union([
  plainVote,
  byKey.extend({ statement }).meta({ description: 'Signed by your own registered key' }),
  byPasskey.extend({ statement }).meta({ description: 'Signed by your own registered passkey' }),
])

export const castVote: SecuredRoute = (app, plane) => {
  app.post(
    '/v1/approvals/:id/votes',
    {
      schema: {
        operationId: 'castVote',
        tags: ['approvals'],
        summary: 'Approve, reject or withdraw',
        description: 'One person, one vote; the same vote again changes nothing. A rejection is final.',
        security: bearer,
        params: idParams,
        headers: surfaceHeader,
        body: voteShape,
        response: {
          200: answer('The vote is recorded', approvalShape),
          ...problems(
            ...ofBodies,
            'EXQ-2002',
            'EXQ-4001',
            'EXQ-4002',
            'EXQ-4003',
            'EXQ-4004',
            'EXQ-4005',
            'EXQ-4010',
            'EXQ-4011',
            'EXQ-4012',
            'EXQ-4013',
            'EXQ-4014',
            'EXQ-4040',
            'EXQ-4050',
            'EXQ-4051',
          ),
        },
      },
    },
    (request) => {
      const { body } = request
      const vote = 'statement' in body ? body : { ...body, method: surfaceOf(request) }
      return cast(plane, callerOf(request), request.params.id, vote)
    },
  )
}
